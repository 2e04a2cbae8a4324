import type { ServiceName } from "../api.js";
import {
  admittedGroups,
  byFilter,
  byNames,
  failingAsOne,
  firstOf,
  ofServices,
  orListAll,
  owned,
  tagged,
  underPath,
  type Batch,
  type Rule,
} from "./batch-rules.js";

type Input = Readonly<Record<string, unknown>>;

/** The batch that a request can join; `undefined` if it is sent alone. */
export function batchOf(service: ServiceName, method: string, input: Input): Batch | undefined {
  return BATCHES[`${service}.${method}`]?.(input);
}

/** True if an answer lists everything there is, in pages: the more requests share it, the fewer calls. */
export const isPaged = (service: ServiceName, method: string): boolean => PAGED.has(`${service}.${method}`);

const PAGED: ReadonlySet<string> = new Set([
  "applicationAutoScaling.describeScalableTargets",
  "applicationAutoScaling.describeScalingPolicies",
  "applicationAutoScaling.describeScheduledActions",
  "cloudWatch.describeAlarms",
]);

/** Sizes are documented in the API reference of each operation. */
const BATCHES: Readonly<Record<string, Rule | undefined>> = Object.freeze({
  // Unknown services are listed as failures; an error concerns the cluster.
  "ecs.describeServices": failingAsOne(
    byNames("services", "services", 10, ({ serviceName, serviceArn }) => [serviceName, serviceArn]),
  ),
  "ecs.describeServiceDeployments": byNames(
    "serviceDeploymentArns",
    "serviceDeployments",
    20,
    ({ serviceDeploymentArn }) => [serviceDeploymentArn],
  ),
  "ecs.describeTasks": byNames("tasks", "tasks", 100, ({ taskArn }) => [taskArn]),
  "elb.describeTags": byNames("ResourceArns", "TagDescriptions", 20, ({ ResourceArn }) => [ResourceArn]),
  "elb.describeTargetGroups": firstOf(
    orListAll(byNames("Names", "TargetGroups", 20, ({ TargetGroupName }) => [TargetGroupName])),
    byNames("TargetGroupArns", "TargetGroups", 20, ({ TargetGroupArn }) => [TargetGroupArn]),
  ),
  "elb.describeRules": byNames("RuleArns", "Rules", 20, ({ RuleArn }) => [RuleArn]),
  "elb.describeListeners": byNames("ListenerArns", "Listeners", 20, ({ ListenerArn }) => [ListenerArn]),
  "ec2.describeSecurityGroups": firstOf(
    owned("SecurityGroups"),
    byFilter("group-name", "SecurityGroups", ({ GroupName }) => GroupName),
    byFilter("group-id", "SecurityGroups", ({ GroupId }) => GroupId),
    byFilter("ip-permission.group-id", "SecurityGroups", admittedGroups),
  ),
  "ec2.describeSecurityGroupRules": firstOf(
    owned("SecurityGroupRules"),
    byFilter("group-id", "SecurityGroupRules", ({ GroupId }) => GroupId),
  ),
  "ec2.describeLaunchTemplates": owned("LaunchTemplates"),
  "ec2.describeKeyPairs": owned("KeyPairs"),
  "autoScaling.describeAutoScalingGroups": owned("AutoScalingGroups"),
  "applicationAutoScaling.describeScalableTargets": byNames(
    "ResourceIds",
    "ScalableTargets",
    50,
    ({ ResourceId }) => [ResourceId],
    "NextToken",
  ),
  "applicationAutoScaling.describeScalingPolicies": ofServices(
    "ScalingPolicies",
    "PolicyName",
    "PolicyNames",
  ),
  "applicationAutoScaling.describeScheduledActions": ofServices(
    "ScheduledActions",
    "ScheduledActionName",
    "ScheduledActionNames",
  ),
  "cloudWatch.describeAlarms": byNames(
    "AlarmNames",
    "MetricAlarms",
    100,
    ({ AlarmName }) => [AlarmName],
    "NextToken",
  ),
  "iam.listRoles": underPath("Roles"),
  // In the caller's own account, identifiers are names; a page has fifty.
  "logs.describeLogGroups": byNames("logGroupIdentifiers", "logGroups", 50, ({ logGroupName }) => [
    logGroupName,
  ]),
  "tagging.getResources": tagged,
});
