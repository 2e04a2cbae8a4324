/** An alarm of an application's own errors, as PutMetricAlarm wants it. */
export const ERRORS_ALARM = {
  AlarmName: "errors",
  MetricName: "Errors",
  Namespace: "Own",
  ComparisonOperator: "GreaterThanThreshold",
  Threshold: 1,
  Period: 60,
  EvaluationPeriods: 1,
  Statistic: "Sum",
} as const;
