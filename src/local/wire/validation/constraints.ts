import type { ServiceName } from "../../../aws/api.js";

/** What a value must satisfy: the length of a string or list, the value of a number, a pattern, an enumeration. */
export interface Constraint {
  readonly min?: number;
  readonly max?: number;
  readonly pattern?: string;
  /** The name of the SDK's enumeration, where it is not the member's own. */
  readonly enum?: string;
}

type Constraints = Readonly<Record<string, Constraint>>;

const IAM_NAME = "[\\w+=,.@-]+";

/**
 * The constraints of members, by their names or by `Operation.Member`. Source: the API references. Enumerations whose
 * name is the member's need no row.
 */
export const CONSTRAINTS: { readonly [Service in ServiceName]?: Constraints } = {
  elb: {
    "CreateLoadBalancer.Type": { enum: "LoadBalancerTypeEnum" },
    "CreateLoadBalancer.Scheme": { enum: "LoadBalancerSchemeEnum" },
    "CreateListener.Port": { min: 1, max: 65_535 },
    "ModifyListener.Port": { min: 1, max: 65_535 },
    "CreateTargetGroup.Port": { min: 1, max: 65_535 },
    PageSize: { min: 1, max: 400 },
    Priority: { min: 1, max: 50_000 },
    HealthCheckIntervalSeconds: { min: 5, max: 300 },
    HealthCheckTimeoutSeconds: { min: 2, max: 120 },
    HealthyThresholdCount: { min: 2, max: 10 },
    UnhealthyThresholdCount: { min: 2, max: 10 },
    HealthCheckPath: { min: 1, max: 1024 },
    "CreateTargetGroup.HealthCheckProtocol": { enum: "ProtocolEnum" },
    "ModifyTargetGroup.HealthCheckProtocol": { enum: "ProtocolEnum" },
  },
  ecs: {
    "CreateCapacityProvider.propagateTags": { enum: "PropagateMITags" },
    "UpdateCapacityProvider.propagateTags": { enum: "PropagateMITags" },
  },
  iam: {
    RoleName: { min: 1, max: 64, pattern: IAM_NAME },
    InstanceProfileName: { min: 1, max: 128, pattern: IAM_NAME },
    PolicyName: { min: 1, max: 128, pattern: IAM_NAME },
    PolicyArn: { min: 20, max: 2048 },
    MaxItems: { min: 1, max: 1000 },
    Description: { max: 1000 },
  },
  autoScaling: {
    AutoScalingGroupName: { min: 1, max: 255 },
    PolicyName: { min: 1, max: 255 },
    ScheduledActionName: { min: 1, max: 255 },
    MaxRecords: { max: 100 },
  },
  cloudWatch: {
    AlarmName: { min: 1, max: 255 },
    MetricName: { min: 1, max: 255 },
    Namespace: { min: 1, max: 255 },
    EvaluationPeriods: { min: 1 },
    DatapointsToAlarm: { min: 1 },
    Period: { min: 1 },
    "DescribeAlarms.MaxRecords": { min: 1, max: 100 },
    "DescribeAlarmHistory.MaxRecords": { min: 1, max: 100 },
  },
  logs: {
    logGroupName: { min: 1, max: 512, pattern: "[\\.\\-_/#A-Za-z0-9]+" },
    logGroupNamePrefix: { min: 1, max: 512, pattern: "[\\.\\-_/#A-Za-z0-9]+" },
    logStreamName: { min: 1, max: 512, pattern: "[^:*]*" },
    logStreamNamePrefix: { min: 1, max: 512, pattern: "[^:*]*" },
    "DescribeLogGroups.limit": { min: 1, max: 50 },
    "DescribeLogStreams.limit": { min: 1, max: 50 },
    "FilterLogEvents.limit": { min: 1, max: 10_000 },
    "GetLogEvents.limit": { min: 1, max: 10_000 },
  },
  ssm: {
    Name: { min: 1, max: 2048 },
    Path: { min: 1, max: 2048 },
    "GetParameters.Names": { min: 1, max: 10 },
    "GetParametersByPath.MaxResults": { min: 1, max: 10 },
    "DescribeParameters.MaxResults": { min: 1, max: 50 },
    "PutParameter.Type": { enum: "ParameterType" },
  },
  applicationAutoScaling: {
    ResourceId: { min: 1, max: 1600 },
    PolicyName: { min: 1, max: 256 },
    ScheduledActionName: { min: 1, max: 256 },
  },
  scheduler: {
    Name: { min: 1, max: 64, pattern: "[0-9a-zA-Z-_.]+" },
    GroupName: { min: 1, max: 64, pattern: "[0-9a-zA-Z-_.]+" },
    MaxResults: { min: 1, max: 100 },
    "CreateSchedule.State": { enum: "ScheduleState" },
    "UpdateSchedule.State": { enum: "ScheduleState" },
    Mode: { enum: "FlexibleTimeWindowMode" },
  },
  sts: {
    RoleArn: { min: 20, max: 2048 },
    RoleSessionName: { min: 2, max: 64, pattern: "[\\w+=,.@-]*" },
    DurationSeconds: { min: 900, max: 129_600 },
  },
  tagging: { Key: { min: 1, max: 128 } },
  acm: { CertificateArn: { min: 20, max: 2048 } },
};
