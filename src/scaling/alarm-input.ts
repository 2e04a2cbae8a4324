import type { ComparisonOperator } from "@aws-sdk/client-cloudwatch";
import type { AlarmSpec, Comparison, KnownMetric } from "../spec/scaling/scaling-step.js";
import { inNamesOrder, type AlarmDesired } from "./alarm.js";

/** The resource that a metric with a short name belongs to. */
export type Measured =
  | { readonly cluster: string; readonly service: string }
  | { readonly cluster: string; readonly group: string };

const OPERATORS: Readonly<Record<Comparison, ComparisonOperator>> = Object.freeze({
  ">=": "GreaterThanOrEqualToThreshold",
  ">": "GreaterThanThreshold",
  "<=": "LessThanOrEqualToThreshold",
  "<": "LessThanThreshold",
});

const NAMES: Readonly<Record<KnownMetric, string>> = Object.freeze({
  cpu: "CPUUtilization",
  memory: "MemoryUtilization",
  cpuReservation: "CPUReservation",
  memoryReservation: "MemoryReservation",
});

/**
 * Seconds between CloudWatch's evaluations: a condition must hold for as many periods as its duration has.
 */
const PERIOD = 60;

/** The alarm on a metric, as CloudWatch's input. */
export function alarmInput(alarm: AlarmSpec, measured: Measured, description: string): AlarmDesired["alarm"] {
  const metric = typeof alarm.metric === "string" ? knownMetric(alarm.metric, measured) : alarm.metric;
  return {
    AlarmDescription: description,
    Namespace: metric.namespace,
    MetricName: metric.name,
    Dimensions: inNamesOrder(Object.entries(metric.dimensions).map(([Name, Value]) => ({ Name, Value }))),
    Statistic: metric.statistic as "Average",
    Period: PERIOD,
    EvaluationPeriods: alarm.seconds / PERIOD,
    Threshold: alarm.threshold,
    ComparisonOperator: OPERATORS[alarm.comparison],
    // Missing data must not scale anything.
    TreatMissingData: "missing",
  };
}

function knownMetric(metric: KnownMetric, measured: Measured) {
  const statistic = "Average";
  // EC2 measures the CPU of instances: all of it, not only what tasks use.
  if ("group" in measured && metric === "cpu")
    return {
      namespace: "AWS/EC2",
      name: NAMES.cpu,
      statistic,
      dimensions: { AutoScalingGroupName: measured.group },
    };
  return {
    namespace: "AWS/ECS",
    name: NAMES[metric],
    statistic,
    dimensions: {
      ClusterName: measured.cluster,
      ...("service" in measured ? { ServiceName: measured.service } : {}),
    },
  };
}
