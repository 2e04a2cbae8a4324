import type { PutScalingPolicyCommandInput } from "@aws-sdk/client-auto-scaling";
import type { AutoScalingApi } from "../../../aws/api.js";
import type { Account, ActionResult } from "../../core/account.js";
import { arnOf } from "../../core/arn.js";
import { alarmsOfPolicy } from "../cloudwatch/alarms-of-policy.js";
import { scheduleCapacityCheck } from "./capacity.js";
import { autoScalingPage, findGroup, requireAutoScaling, validationError } from "./request.js";
import type { AutoScalingGroup, GroupPolicy } from "./state.js";
import { adjustment, capacityChange, checkSteps } from "./step-adjustments.js";

type Handlers = Pick<AutoScalingApi, "putScalingPolicy" | "describePolicies" | "deletePolicy">;

export const createGroupPolicies = (account: Account): Handlers => ({
  async putScalingPolicy(input) {
    requireAutoScaling(input, ["AutoScalingGroupName", "PolicyName"]);
    const group = findGroup(account, input.AutoScalingGroupName);
    check(input);
    const { PolicyName: name = "" } = input;
    const before = group.policies.get(name);
    const arn =
      before?.description.PolicyARN ??
      arnOf(
        account,
        "autoscaling",
        `scalingPolicy:${account.hex(32)}:autoScalingGroupName/${group.name}:policyName/${name}`,
      );
    group.policies.set(name, {
      description: {
        ...structuredClone(input),
        PolicyARN: arn,
        PolicyType: input.PolicyType ?? "SimpleScaling",
        Enabled: true,
        StepAdjustments: structuredClone(input.StepAdjustments ?? []),
      },
      cooldownEndsAt: before?.cooldownEndsAt ?? 0,
      lastCapacity: before?.lastCapacity ?? 0,
    });
    return { PolicyARN: arn, Alarms: [] };
  },

  async describePolicies(input) {
    const groups =
      input.AutoScalingGroupName === undefined
        ? [...account.autoScaling.groups.values()]
        : [findGroup(account, input.AutoScalingGroupName)];
    const found = groups
      .flatMap((group) => [...group.policies.values()])
      .map(({ description }) => ({ ...description, Alarms: alarmsOfPolicy(account, description.PolicyARN) }))
      .filter(({ PolicyName = "" }) => input.PolicyNames?.includes(PolicyName) ?? true);
    const { items, nextToken } = autoScalingPage(found, input);
    return { ScalingPolicies: items, NextToken: nextToken };
  },

  async deletePolicy(input) {
    const { policies } = findGroup(account, input.AutoScalingGroupName);
    const found = [...policies.values()].find(
      ({ description }) =>
        description.PolicyName === input.PolicyName || description.PolicyARN === input.PolicyName,
    );
    if (found === undefined) throw validationError(`Policy ${input.PolicyName} not found`);
    policies.delete(found.description.PolicyName ?? "");
    return {};
  },
});

/** Lets alarms trigger policies, which change the group's desired capacity. */
export function scaleGroupsOnAlarms(account: Account): void {
  account.events.alarmTriggered.push((arn, alarm, value) => {
    for (const group of account.autoScaling.groups.values()) {
      const policy = [...group.policies.values()].find(({ description }) => description.PolicyARN === arn);
      if (policy === undefined) continue;
      const from = value - (alarm.Threshold ?? 0);
      return applyPolicy(account, group, policy, from, alarm.AlarmName ?? "");
    }
    return "idle";
  });
}

/** Applies a policy by hand. */
export const applyPolicyOf = (
  account: Account,
  group: AutoScalingGroup,
  policy: GroupPolicy,
  distance: number,
): ActionResult => applyPolicy(account, group, policy, distance, "executed by a user");

function applyPolicy(
  account: Account,
  group: AutoScalingGroup,
  policy: GroupPolicy,
  distance: number,
  alarm: string,
): ActionResult {
  const { description } = policy;
  const isSimple = description.PolicyType === "SimpleScaling";
  const change = isSimple
    ? adjustment(description, description.ScalingAdjustment ?? 0, group.desired)
    : capacityChange(description, description.StepAdjustments ?? [], distance, group.desired);
  const wanted = Math.min(group.max, Math.max(group.min, group.desired + change));
  if (group.deleting || wanted === group.desired) return "idle";
  const now = account.clock.now();
  // One change at a time: nothing is removed while other instances are launching or terminating.
  const isBusy = [...group.instances.values()].some(({ lifecycle }) => lifecycle !== "InService");
  if (now < policy.cooldownEndsAt && (change < 0 || isSimple || wanted <= policy.lastCapacity))
    return "waiting";
  if (
    change < 0 &&
    (isBusy || [...group.policies.values()].some(({ cooldownEndsAt }) => now < cooldownEndsAt))
  )
    return "waiting";
  const at = new Date(now).toISOString();
  group.cause = `At ${at} a monitor alarm ${alarm} in state ALARM triggered policy ${description.PolicyName} changing the desired capacity from ${group.desired} to ${wanted}.  `;
  group.desired = wanted;
  const cooldown = isSimple
    ? (description.Cooldown ?? group.defaultCooldown)
    : (description.EstimatedInstanceWarmup ?? (change > 0 ? group.defaultCooldown : 0));
  policy.cooldownEndsAt = now + cooldown * 1000;
  policy.lastCapacity = wanted;
  scheduleCapacityCheck(account, group);
  return "changed";
}

function check(input: PutScalingPolicyCommandInput): void {
  const type = input.PolicyType ?? "SimpleScaling";
  if (type === "TargetTrackingScaling" || type === "PredictiveScaling")
    throw validationError(`The local cloud does not support group policies of type ${type}.`);
  const types = ["ChangeInCapacity", "ExactCapacity", "PercentChangeInCapacity"];
  if (!types.includes(input.AdjustmentType ?? "")) throw validationError("AdjustmentType must be specified.");
  if (input.MinAdjustmentMagnitude !== undefined && input.AdjustmentType !== "PercentChangeInCapacity")
    throw validationError("MinAdjustmentMagnitude is for PercentChangeInCapacity only.");
  if (type === "StepScaling") {
    if (input.Cooldown !== undefined)
      throw validationError("Cooldown is for policy type SimpleScaling only.");
    if (input.ScalingAdjustment !== undefined)
      throw validationError("ScalingAdjustment is for policy type SimpleScaling only.");
    return checkSteps(input.StepAdjustments ?? [], validationError);
  }
  if (input.ScalingAdjustment === undefined) throw validationError("ScalingAdjustment must be specified.");
  if (input.StepAdjustments !== undefined || input.EstimatedInstanceWarmup !== undefined)
    throw validationError(
      "StepAdjustments and EstimatedInstanceWarmup are not for policy type SimpleScaling.",
    );
}
