import type { PutScalingPolicyCommandInput, ScalingPolicy } from "@aws-sdk/client-application-auto-scaling";
import type { ApplicationAutoScalingApi } from "../../../aws/api.js";
import type { Account } from "../../core/account.js";
import { arnOf } from "../../core/arn.js";
import { checkSteps } from "../auto-scaling/step-adjustments.js";
import { alarmsOfPolicy } from "../cloudwatch/alarms-of-policy.js";
import { noTarget, notFound, requireScaling, requireService, scalingPage, validation } from "./request.js";
import { createTrackingAlarms, deleteTrackingAlarms } from "./target-tracking.js";

type Handlers = Pick<
  ApplicationAutoScalingApi,
  "putScalingPolicy" | "describeScalingPolicies" | "deleteScalingPolicy"
>;

/** The page size of policies is smaller than that of other lists. */
const MAX_POLICIES = 10;

export const createPolicies = (account: Account): Handlers => ({
  async putScalingPolicy(input) {
    const resourceId = requireService(input);
    requireScaling(input, ["PolicyName"]);
    if (!account.applicationAutoScaling.scalableTargets.has(resourceId)) throw noTarget(resourceId);
    check(account, input);
    const { policies } = account.applicationAutoScaling;
    const before = find(account, resourceId, input.PolicyName);
    if (before !== undefined && input.PolicyType !== before.description.PolicyType)
      throw validation("The type of a policy cannot be changed.");
    const arn =
      before?.description.PolicyARN ??
      arnOf(
        account,
        "autoscaling",
        `scalingPolicy:${account.hex(32)}:resource/ecs/${resourceId}:policyName/${input.PolicyName}`,
      );
    const description: ScalingPolicy = {
      ...structuredClone(input),
      PolicyARN: arn,
      PolicyName: input.PolicyName,
      ServiceNamespace: "ecs",
      ResourceId: resourceId,
      ScalableDimension: "ecs:service:DesiredCount",
      PolicyType: input.PolicyType ?? "StepScaling",
      CreationTime: before?.description.CreationTime ?? new Date(account.clock.now()),
      Alarms: [],
    };
    if (before !== undefined) deleteTrackingAlarms(account, before.description);
    const Alarms =
      description.PolicyType === "TargetTrackingScaling" ? createTrackingAlarms(account, description) : [];
    policies.set(arn, {
      description: { ...description, Alarms },
      cooldownEndsAt: before?.cooldownEndsAt ?? 0,
      lastCapacity: before?.lastCapacity ?? 0,
    });
    return { PolicyARN: arn, Alarms };
  },

  async describeScalingPolicies(input) {
    requireScaling(input, ["ServiceNamespace"]);
    const { PolicyNames: names, ResourceId: resourceId } = input;
    if (names !== undefined && resourceId === undefined)
      throw validation("ResourceId must be specified when PolicyNames is.");
    if (input.ScalableDimension !== undefined && resourceId === undefined)
      throw validation("ResourceId must be specified when ScalableDimension is.");
    if ((input.MaxResults ?? 0) > MAX_POLICIES) throw validation("MaxResults must be between 1 and 10.");
    const found = [...account.applicationAutoScaling.policies.values()]
      .map(({ description }) => description)
      .filter((policy) => resourceId === undefined || policy.ResourceId === resourceId)
      .filter(({ PolicyName = "" }) => names === undefined || names.includes(PolicyName));
    const { items, nextToken } = scalingPage(
      found.map((policy) => ({
        ...withoutDefaults(policy),
        Alarms: alarmsOfPolicy(account, policy.PolicyARN),
      })),
      { ...input, MaxResults: input.MaxResults ?? MAX_POLICIES },
    );
    return { ScalingPolicies: items, NextToken: nextToken };
  },

  async deleteScalingPolicy(input) {
    const resourceId = requireService(input);
    const found = find(account, resourceId, input.PolicyName);
    if (found === undefined)
      throw notFound(`No scaling policy found for service namespace: ecs, resource ID: ${resourceId}`);
    account.applicationAutoScaling.policies.delete(found.description.PolicyARN ?? "");
    deleteTrackingAlarms(account, found.description);
    return {};
  },
});

const find = (account: Account, resourceId: string, name: string | undefined) =>
  [...account.applicationAutoScaling.policies.values()].find(
    ({ description }) => description.ResourceId === resourceId && description.PolicyName === name,
  );

function check(account: Account, input: PutScalingPolicyCommandInput): void {
  const { PolicyName: name = "" } = input;
  if (name.length > 256 || !/^[\x20-\x7e]+$/.test(name)) throw validation("The policy name is not valid.");
  const steps = input.StepScalingPolicyConfiguration;
  const tracking = input.TargetTrackingScalingPolicyConfiguration;
  if ((input.PolicyType ?? "StepScaling") === "StepScaling") {
    if (steps === undefined) throw validation("StepScalingPolicyConfiguration must be specified.");
    return checkSteps(steps.StepAdjustments ?? [], validation);
  }
  if (tracking === undefined) throw validation("TargetTrackingScalingPolicyConfiguration must be specified.");
  const metric = tracking.PredefinedMetricSpecification;
  if (metric?.PredefinedMetricType === "ALBRequestCountPerTarget") checkLabel(account, metric.ResourceLabel);
  const conflicting = [...account.applicationAutoScaling.policies.values()].find(
    ({ description }) =>
      description.ResourceId === input.ResourceId &&
      description.PolicyName !== name &&
      description.TargetTrackingScalingPolicyConfiguration?.PredefinedMetricSpecification
        ?.PredefinedMetricType === metric?.PredefinedMetricType &&
      metric !== undefined,
  );
  if (conflicting !== undefined)
    throw validation("Only one TargetTrackingScaling policy for a given metric specification is allowed.");
}

function checkLabel(account: Account, label = ""): void {
  const [balancer, group] = label.split("/targetgroup/");
  const found = [...account.elb.targetGroups.values()].find(({ arn }) =>
    arn.endsWith(`:targetgroup/${group}`),
  );
  const attached = [...account.elb.loadBalancers.values()].some(({ arn }) =>
    arn.endsWith(`:loadbalancer/${balancer}`),
  );
  if (found === undefined || !attached) throw validation(`Invalid resource label: ${label}`);
}

/** AWS leaves out what has its default. */
function withoutDefaults(policy: ScalingPolicy): ScalingPolicy {
  const { DisableScaleIn, ...tracking } = policy.TargetTrackingScalingPolicyConfiguration ?? {};
  return policy.TargetTrackingScalingPolicyConfiguration === undefined || DisableScaleIn === true
    ? policy
    : {
        ...policy,
        TargetTrackingScalingPolicyConfiguration:
          tracking as ScalingPolicy["TargetTrackingScalingPolicyConfiguration"],
      };
}
