import type * as AutoScaling from "@aws-sdk/client-auto-scaling";
import type { Account } from "../../core/account.js";
import type { Answer } from "../../core/answer.js";
import { ServiceError } from "../../core/service-error.js";
import { describeActivity } from "./activities.js";
import { applyPolicyOf } from "./policies.js";
import { failInstance, scheduleCapacityCheck, takeInstance } from "./capacity.js";
import { describeLaunched } from "./launch-data.js";
import { autoScalingPage, findGroup, requireAutoScaling, validationError } from "./request.js";
import type { AutoScalingGroup, GroupInstance } from "./state.js";

/** Source: Auto Scaling API reference, DescribeScalingProcessTypes. */
const PROCESSES = [
  ...["AZRebalance", "AddToLoadBalancer", "AlarmNotification", "HealthCheck", "InstanceRefresh", "Launch"],
  ...["ReplaceUnhealthy", "ScheduledActions", "Terminate"],
];

/** The capacity of a group by hand, and its instances. */
export const createCapacityChanges = (account: Account) => ({
  async setDesiredCapacity(
    input: AutoScaling.SetDesiredCapacityCommandInput,
  ): Answer<AutoScaling.SetDesiredCapacityCommandOutput> {
    requireAutoScaling(input, ["AutoScalingGroupName", "DesiredCapacity"]);
    const group = findGroup(account, input.AutoScalingGroupName);
    const { DesiredCapacity: wanted = 0 } = input;
    const [side, bound] = wanted > group.max ? ["above max", group.max] : ["below min", group.min];
    if (wanted > group.max || wanted < group.min)
      throw validationError(
        `New SetDesiredCapacity value ${wanted} is ${side} value ${bound} for the AutoScalingGroup.`,
      );
    const at = new Date(account.clock.now()).toISOString();
    group.cause = `At ${at} a user request explicitly set group desired capacity changing the desired capacity from ${group.desired} to ${wanted}.  `;
    group.desired = wanted;
    scheduleCapacityCheck(account, group);
    return {};
  },

  async describeAutoScalingInstances(
    input: AutoScaling.DescribeAutoScalingInstancesCommandInput,
  ): Answer<AutoScaling.DescribeAutoScalingInstancesCommandOutput> {
    const found = [...account.autoScaling.groups.values()]
      .flatMap((group) => [...group.instances.values()].map((member) => ({ group, member })))
      .filter(({ member }) => !input.InstanceIds?.length || input.InstanceIds.includes(member.id));
    const { items, nextToken } = autoScalingPage(found, input);
    return {
      AutoScalingInstances: items.map(({ group, member }) => ({
        InstanceId: member.id,
        InstanceType: account.ec2.instances.get(member.id)?.instanceType,
        AutoScalingGroupName: group.name,
        AvailabilityZone: member.zone,
        LifecycleState: member.lifecycle,
        HealthStatus: "HEALTHY",
        ProtectedFromScaleIn: member.protected,
        ...describeLaunched(member),
      })),
      NextToken: nextToken,
    };
  },

  async terminateInstanceInAutoScalingGroup(
    input: AutoScaling.TerminateInstanceInAutoScalingGroupCommandInput,
  ): Answer<AutoScaling.TerminateInstanceInAutoScalingGroupCommandOutput> {
    requireAutoScaling(input, ["InstanceId", "ShouldDecrementDesiredCapacity"]);
    const { group, member } = memberOf(account, input.InstanceId);
    if (input.ShouldDecrementDesiredCapacity === true) {
      if (group.desired - 1 < group.min)
        throw validationError(
          `Currently, desiredSize equals minSize (${group.min}). Terminating instance without replacement will violate group's min size constraint. Either set shouldDecrementDesiredCapacity flag to false or lower group's min size.`,
        );
      group.desired--;
    }
    const at = new Date(account.clock.now()).toISOString();
    takeInstance(
      account,
      group,
      member,
      `At ${at} instance ${member.id} was taken out of service in response to a user request.`,
    );
    scheduleCapacityCheck(account, group);
    return { Activity: describeActivity(group, group.activities.at(-1)!) };
  },

  async setInstanceHealth(
    input: AutoScaling.SetInstanceHealthCommandInput,
  ): Answer<AutoScaling.SetInstanceHealthCommandOutput> {
    requireAutoScaling(input, ["InstanceId", "HealthStatus"]);
    const { member } = memberOf(account, input.InstanceId);
    const { HealthStatus: health } = input;
    if (health !== "Healthy" && health !== "Unhealthy")
      throw validationError("Valid instance health states are: [Healthy, Unhealthy].");
    if (health === "Unhealthy") failInstance(account, member.id);
    return {};
  },

  async suspendProcesses(
    input: AutoScaling.SuspendProcessesCommandInput,
  ): Answer<AutoScaling.SuspendProcessesCommandOutput> {
    const group = findGroup(account, input.AutoScalingGroupName);
    for (const process of processesOf(input)) group.suspended.add(process);
    return {};
  },

  async resumeProcesses(
    input: AutoScaling.ResumeProcessesCommandInput,
  ): Answer<AutoScaling.ResumeProcessesCommandOutput> {
    const group = findGroup(account, input.AutoScalingGroupName);
    for (const process of processesOf(input)) group.suspended.delete(process);
    scheduleCapacityCheck(account, group);
    return {};
  },

  async executePolicy(
    input: AutoScaling.ExecutePolicyCommandInput,
  ): Answer<AutoScaling.ExecutePolicyCommandOutput> {
    requireAutoScaling(input, ["PolicyName"]);
    const groups =
      input.AutoScalingGroupName === undefined
        ? [...account.autoScaling.groups.values()]
        : [findGroup(account, input.AutoScalingGroupName)];
    for (const group of groups) {
      const policy = [...group.policies.values()].find(
        ({ description }) =>
          description.PolicyName === input.PolicyName || description.PolicyARN === input.PolicyName,
      );
      if (policy === undefined) continue;
      const { MetricValue: value, BreachThreshold: threshold } = input;
      if (policy.description.PolicyType === "StepScaling" && (value === undefined || threshold === undefined))
        throw validationError("MetricValue and BreachThreshold are required for policy type StepScaling.");
      const result = applyPolicyOf(account, group, policy, (value ?? 0) - (threshold ?? 0));
      if (result === "waiting" && input.HonorCooldown === true)
        throw new ServiceError(
          "ScalingActivityInProgress",
          "A scaling activity is in progress or its cooldown has not ended.",
        );
      return {};
    }
    throw validationError(`Policy ${input.PolicyName} not found`);
  },
});

function processesOf(input: AutoScaling.ScalingProcessQuery): readonly string[] {
  const unknown = input.ScalingProcesses?.find((each) => !PROCESSES.includes(each));
  if (unknown !== undefined) throw validationError(`'${unknown}' is not a valid scaling process.`);
  return input.ScalingProcesses?.length ? input.ScalingProcesses : PROCESSES;
}

function memberOf(
  account: Account,
  id: string | undefined,
): { readonly group: AutoScalingGroup; readonly member: GroupInstance } {
  for (const group of account.autoScaling.groups.values()) {
    const member = group.instances.get(id ?? "");
    if (member !== undefined) return { group, member };
  }
  throw validationError(`Instance Id not found - No managed instance found for instance ID: ${id}`);
}
