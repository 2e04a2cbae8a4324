import type * as AutoScaling from "@aws-sdk/client-auto-scaling";
import type { Account } from "../../core/account.js";
import type { Answer } from "../../core/answer.js";
import { describeActivity, endActivity, startActivity } from "./activities.js";
import { scheduleCapacityCheck } from "./capacity.js";
import { deregisterFromTargetGroups, registerWithTargetGroups } from "./group-target-groups.js";
import { findGroup, requireAutoScaling, validationError } from "./request.js";
import type { AutoScalingGroup, GroupInstance } from "./state.js";

/** Instances out of service, for a person to look at. Source: EC2 Auto Scaling User Guide, "Temporarily remove instances". */
export const createStandby = (account: Account) => ({
  async enterStandby(
    input: AutoScaling.EnterStandbyCommandInput,
  ): Answer<AutoScaling.EnterStandbyCommandOutput> {
    requireAutoScaling(input, ["AutoScalingGroupName", "ShouldDecrementDesiredCapacity"]);
    const group = findGroup(account, input.AutoScalingGroupName);
    const members = membersIn(group, input.InstanceIds, "InService");
    if (input.ShouldDecrementDesiredCapacity === true) {
      if (group.desired - members.length < group.min)
        throw validationError(
          `AutoScalingGroup ${group.name} has min-size=${group.min}, max-size=${group.max}, and desired-size=${group.desired}. To place into standby ${members.length} instance, please update the AutoScalingGroup sizes appropriately.`,
        );
      group.desired -= members.length;
    }
    for (const member of members) {
      member.lifecycle = "Standby";
      deregisterFromTargetGroups(account, group, member.id);
    }
    scheduleCapacityCheck(account, group);
    return { Activities: activitiesOf(account, group, members, "to Standby") };
  },

  async exitStandby(
    input: AutoScaling.ExitStandbyCommandInput,
  ): Answer<AutoScaling.ExitStandbyCommandOutput> {
    requireAutoScaling(input, ["AutoScalingGroupName"]);
    const group = findGroup(account, input.AutoScalingGroupName);
    const members = membersIn(group, input.InstanceIds, "Standby");
    if (group.desired + members.length > group.max)
      throw validationError(
        `AutoScalingGroup ${group.name} has min-size=${group.min}, max-size=${group.max}, and desired-size=${group.desired}. To remove ${members.length} instance from standby, please update the AutoScalingGroup sizes appropriately.`,
      );
    group.desired += members.length;
    for (const member of members) {
      member.lifecycle = "InService";
      registerWithTargetGroups(account, group, member.id);
    }
    scheduleCapacityCheck(account, group);
    return { Activities: activitiesOf(account, group, members, "out of Standby") };
  },
});

function membersIn(
  group: AutoScalingGroup,
  ids: readonly string[] = [],
  lifecycle: GroupInstance["lifecycle"],
): GroupInstance[] {
  return ids.map((id) => {
    const member = group.instances.get(id);
    if (member === undefined)
      throw validationError(`The instance ${id} is not part of Auto Scaling group ${group.name}.`);
    if (member.lifecycle !== lifecycle) throw validationError(`The instance ${id} is not in ${lifecycle}.`);
    return member;
  });
}

const activitiesOf = (
  account: Account,
  group: AutoScalingGroup,
  members: readonly GroupInstance[],
  where: string,
) =>
  members.map(({ id }) => {
    const at = new Date(account.clock.now()).toISOString();
    const cause = `At ${at} instance ${id} was moved ${where} in response to a user request.`;
    const activity = startActivity(account, group, `Moving EC2 instance ${where}: ${id}`, cause);
    endActivity(account, activity, "Successful");
    return describeActivity(group, activity);
  });
