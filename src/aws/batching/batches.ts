import type { ServiceName } from "../api.js";
import {
  byFilter,
  byNames,
  either,
  ofServices,
  orAll,
  owned,
  refusedAsOne,
  tagged,
  underPath,
  type Batch,
  type Rule,
} from "./batch-rules.js";

type Input = Readonly<Record<string, unknown>>;

/** The batch that a question can be part of; `undefined` for one that is asked alone. */
export function batchOf(service: ServiceName, method: string, input: Input): Batch | undefined {
  return BATCHES[`${service}.${method}`]?.(input);
}

/** What is read in pages of everything there is: the more is asked for at once, the less it costs. */
export const isWorthWaiting = (service: ServiceName, method: string): boolean =>
  PAGED.has(`${service}.${method}`);

const PAGED: ReadonlySet<string> = new Set([
  "applicationAutoScaling.describeScalableTargets",
  "applicationAutoScaling.describeScalingPolicies",
  "applicationAutoScaling.describeScheduledActions",
  "cloudWatch.describeAlarms",
]);

/** Sizes: the operations' own pages in the API references. */
const BATCHES: Readonly<Record<string, Rule | undefined>> = Object.freeze({
  // It says which services it does not know; what it refuses is the cluster.
  "ecs.describeServices": refusedAsOne(
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
  "elb.describeTargetGroups": either(
    orAll(byNames("Names", "TargetGroups", 20, ({ TargetGroupName }) => [TargetGroupName])),
    byNames("TargetGroupArns", "TargetGroups", 20, ({ TargetGroupArn }) => [TargetGroupArn]),
  ),
  "elb.describeRules": byNames("RuleArns", "Rules", 20, ({ RuleArn }) => [RuleArn]),
  "elb.describeListeners": byNames("ListenerArns", "Listeners", 20, ({ ListenerArn }) => [ListenerArn]),
  "ec2.describeSecurityGroups": either(
    owned("SecurityGroups"),
    byFilter("group-name", "SecurityGroups", ({ GroupName }) => GroupName),
    byFilter("group-id", "SecurityGroups", ({ GroupId }) => GroupId),
  ),
  "ec2.describeSecurityGroupRules": either(
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
  // Names, in an account of one's own; fifty, which is a page.
  "logs.describeLogGroups": byNames("logGroupIdentifiers", "logGroups", 50, ({ logGroupName }) => [
    logGroupName,
  ]),
  "tagging.getResources": tagged,
});
