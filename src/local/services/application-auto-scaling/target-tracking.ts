import type { ScalingPolicy } from "@aws-sdk/client-application-auto-scaling";
import type { Account } from "../../core/account.js";
import { putAlarm } from "../cloudwatch/alarms.js";

/** Above the target for three minutes: scale out. Clearly below it for fifteen: scale in. */
const HIGH_MINUTES = 3;
const LOW_MINUTES = 15;
const LOW_SHARE = 0.9;

/** The two alarms that target tracking creates, and that are deleted with the policy. */
export function createTrackingAlarms(
  account: Account,
  policy: ScalingPolicy,
): NonNullable<ScalingPolicy["Alarms"]> {
  const { ResourceId = "", PolicyARN = "" } = policy;
  const { TargetValue = 0, PredefinedMetricSpecification: metric } =
    policy.TargetTrackingScalingPolicyConfiguration ?? {};
  const [, cluster = "", service = ""] = ResourceId.split("/");
  const isRequestCount = metric?.PredefinedMetricType === "ALBRequestCountPerTarget";
  const measured = isRequestCount
    ? {
        Namespace: "AWS/ApplicationELB",
        MetricName: "RequestCountPerTarget",
        Statistic: "Sum" as const,
        Dimensions: [{ Name: "TargetGroup", Value: groupOf(metric?.ResourceLabel) }],
      }
    : {
        Namespace: "AWS/ECS",
        MetricName: metric?.PredefinedMetricType?.includes("Memory") ? "MemoryUtilization" : "CPUUtilization",
        Statistic: "Average" as const,
        Dimensions: [
          { Name: "ClusterName", Value: cluster },
          { Name: "ServiceName", Value: service },
        ],
      };
  const create = (side: "High" | "Low") => {
    const { description } = putAlarm(
      account,
      {
        ...measured,
        AlarmName: `TargetTracking-${ResourceId}-Alarm${side}-${account.hex(32)}`,
        AlarmDescription: `DO NOT EDIT OR DELETE. For TargetTrackingScaling policy ${PolicyARN}.`,
        AlarmActions: [PolicyARN],
        Period: 60,
        EvaluationPeriods: side === "High" ? HIGH_MINUTES : LOW_MINUTES,
        Threshold: side === "High" ? TargetValue : TargetValue * LOW_SHARE,
        ComparisonOperator: side === "High" ? "GreaterThanThreshold" : "LessThanThreshold",
      },
      true,
    );
    return { AlarmName: description.AlarmName, AlarmARN: description.AlarmArn };
  };
  return [create("High"), create("Low")];
}

export function deleteTrackingAlarms(account: Account, { Alarms = [] }: ScalingPolicy): void {
  for (const { AlarmName = "" } of Alarms) {
    if (account.cloudWatch.alarms.get(AlarmName)?.managed) account.cloudWatch.alarms.delete(AlarmName);
  }
}

const groupOf = (label = ""): string => label.slice(label.indexOf("/targetgroup/") + 1);
