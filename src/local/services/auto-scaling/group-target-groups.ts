import type * as AutoScaling from "@aws-sdk/client-auto-scaling";
import type { Account } from "../../core/account.js";
import type { Answer } from "../../core/answer.js";
import { deregisterTarget, registerTarget } from "../elb/target-health.js";
import { autoScalingPage, findGroup, requireAutoScaling, validationError } from "./request.js";
import type { AutoScalingGroup } from "./state.js";

/** Target groups with which a group registers its instances. */
export const createGroupTargetGroups = (account: Account) => ({
  async attachLoadBalancerTargetGroups(
    input: AutoScaling.AttachLoadBalancerTargetGroupsCommandInput,
  ): Answer<AutoScaling.AttachLoadBalancerTargetGroupsCommandOutput> {
    requireAutoScaling(input, ["AutoScalingGroupName", "TargetGroupARNs"]);
    attachTargetGroups(account, findGroup(account, input.AutoScalingGroupName), input.TargetGroupARNs ?? []);
    return {};
  },

  async detachLoadBalancerTargetGroups(
    input: AutoScaling.DetachLoadBalancerTargetGroupsCommandInput,
  ): Answer<AutoScaling.DetachLoadBalancerTargetGroupsCommandOutput> {
    requireAutoScaling(input, ["AutoScalingGroupName", "TargetGroupARNs"]);
    const group = findGroup(account, input.AutoScalingGroupName);
    for (const arn of input.TargetGroupARNs ?? []) {
      if (!group.targetGroupArns.delete(arn)) continue;
      const port = account.elb.targetGroups.get(arn)?.port ?? 0;
      for (const id of group.instances.keys()) deregisterTarget(account, arn, { id, port });
    }
    return {};
  },

  async describeLoadBalancerTargetGroups(
    input: AutoScaling.DescribeLoadBalancerTargetGroupsCommandInput,
  ): Answer<AutoScaling.DescribeLoadBalancerTargetGroupsCommandOutput> {
    const { targetGroupArns } = findGroup(account, input.AutoScalingGroupName);
    const { items, nextToken } = autoScalingPage([...targetGroupArns], input);
    return {
      LoadBalancerTargetGroups: items.map((arn) => ({ LoadBalancerTargetGroupARN: arn, State: "InService" })),
      NextToken: nextToken,
    };
  },
});

export function attachTargetGroups(account: Account, group: AutoScalingGroup, arns: readonly string[]): void {
  const unknown = arns.find((arn) => !account.elb.targetGroups.has(arn));
  if (unknown !== undefined)
    throw validationError("Provided Target Groups may not be valid. Please ensure they exist and try again.");
  for (const arn of arns) {
    if (group.targetGroupArns.has(arn)) continue;
    group.targetGroupArns.add(arn);
    for (const { id, lifecycle } of group.instances.values())
      if (lifecycle === "InService") registerInstance(account, arn, id);
  }
}

/** Registers an instance that is in service with the target groups of its group. */
export function registerWithTargetGroups(account: Account, group: AutoScalingGroup, id: string): void {
  for (const arn of group.targetGroupArns) registerInstance(account, arn, id);
}

export function deregisterFromTargetGroups(account: Account, group: AutoScalingGroup, id: string): void {
  for (const arn of group.targetGroupArns) {
    const port = account.elb.targetGroups.get(arn)?.port;
    if (port !== undefined) deregisterTarget(account, arn, { id, port });
  }
}

function registerInstance(account: Account, arn: string, id: string): void {
  const group = account.elb.targetGroups.get(arn);
  if (group !== undefined) registerTarget(account, arn, { id, port: group.port });
}
