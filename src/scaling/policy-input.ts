import type { TargetSpec } from "../spec/scaling/autoscale.js";
import type { StepPolicySpec } from "../spec/scaling/step-policies.js";
import { loadBalancerFullName, targetGroupFullName } from "../aws/arn.js";
import type { InstanceScalingPolicyDesired } from "./instance-scaling-policy.js";
import type { ScalingPolicyDesired } from "./scaling-policy.js";

/** Out fast, in slowly: too few tasks hurt users, too many only cost money. */
const SCALE_OUT_COOLDOWN = 60;
const SCALE_IN_COOLDOWN = 300;

/**
 * A target tracking policy, which holds a metric at a value. `label` names the load balancer and the target
 * group of the requests.
 */
export function targetPolicy({ metric, value }: TargetSpec, label?: string): ScalingPolicyDesired["policy"] {
  const types = {
    cpu: "ECSServiceAverageCPUUtilization",
    memory: "ECSServiceAverageMemoryUtilization",
    requestsPerTask: "ALBRequestCountPerTarget",
  } as const;
  return {
    PolicyType: "TargetTrackingScaling",
    TargetTrackingScalingPolicyConfiguration: {
      TargetValue: value,
      PredefinedMetricSpecification: {
        PredefinedMetricType: types[metric],
        ...(label === undefined ? {} : { ResourceLabel: label }),
      },
      ScaleOutCooldown: SCALE_OUT_COOLDOWN,
      ScaleInCooldown: SCALE_IN_COOLDOWN,
      DisableScaleIn: false,
    },
  };
}

/** `app/<name>/<id>/targetgroup/<name>/<id>`: the ends of the two ARNs. */
export const requestsLabel = (loadBalancerArn: string, targetGroupArn: string): string =>
  `${loadBalancerFullName(loadBalancerArn)}/${targetGroupFullName(targetGroupArn)}`;

/** A step scaling policy for the number of tasks. */
export const stepPolicy = (spec: StepPolicySpec): ScalingPolicyDesired["policy"] => ({
  PolicyType: "StepScaling",
  StepScalingPolicyConfiguration: {
    ...adjustment(spec),
    StepAdjustments: stepAdjustments(spec),
    Cooldown: spec.cooldown,
    MetricAggregationType: "Average",
  },
});

/**
 * A scaling policy for the number of instances. A step policy of EC2 Auto Scaling has a warm-up, but no
 * cooldown between removals; a simple policy has one, and is enough for a single step.
 */
export function instancePolicy(spec: StepPolicySpec): InstanceScalingPolicyDesired["policy"] {
  const [only, ...others] = spec.adjustments;
  const removes = spec.adjustments.every(({ change }) => change < 0);
  const isOneStep = others.every(({ change }) => change === only?.change);
  if (removes && isOneStep && only !== undefined)
    return {
      PolicyType: "SimpleScaling",
      ...adjustment(spec),
      ScalingAdjustment: only.change,
      Cooldown: spec.cooldown,
    };
  return {
    PolicyType: "StepScaling",
    ...adjustment(spec),
    StepAdjustments: stepAdjustments(spec),
    MetricAggregationType: "Average",
    ...(removes ? {} : { EstimatedInstanceWarmup: spec.cooldown }),
  };
}

/** A small percentage of a small number would be rounded to zero: the minimum is one. */
const adjustment = ({ unit }: StepPolicySpec) =>
  unit === "count"
    ? { AdjustmentType: "ChangeInCapacity" as const }
    : { AdjustmentType: "PercentChangeInCapacity" as const, MinAdjustmentMagnitude: 1 };

const stepAdjustments = ({ adjustments }: StepPolicySpec) =>
  adjustments.map(({ lower, upper, change }) => ({
    ...(lower === undefined ? {} : { MetricIntervalLowerBound: lower }),
    ...(upper === undefined ? {} : { MetricIntervalUpperBound: upper }),
    ScalingAdjustment: change,
  }));
