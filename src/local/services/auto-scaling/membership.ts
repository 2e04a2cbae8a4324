import type * as AutoScaling from "@aws-sdk/client-auto-scaling";
import type { Account } from "../../core/account.js";
import type { Answer } from "../../core/answer.js";
import type { Instance } from "../ec2/state.js";
import { describeActivity, endActivity, startActivity } from "./activities.js";
import { scheduleCapacityCheck } from "./capacity.js";
import { deregisterFromTargetGroups, registerWithTargetGroups } from "./group-target-groups.js";
import { findGroup, requireAutoScaling, validationError } from "./request.js";
import type { AutoScalingGroup } from "./state.js";

const GROUP_TAG = "aws:autoscaling:groupName";

/** Instances that join a group or leave it, and keep running. Source: Auto Scaling API reference. */
export const createMembership = (account: Account) => ({
  async attachInstances(
    input: AutoScaling.AttachInstancesCommandInput,
  ): Answer<AutoScaling.AttachInstancesCommandOutput> {
    requireAutoScaling(input, ["AutoScalingGroupName"]);
    const group = findGroup(account, input.AutoScalingGroupName);
    const instances = (input.InstanceIds ?? []).map((id) => attachable(account, group, id));
    if (group.desired + instances.length > group.max)
      throw validationError(`${sizes(group)} To attach ${instances.length} more instance, ${APPROPRIATELY}`);
    group.desired += instances.length;
    for (const instance of instances) attach(account, group, instance);
    return {};
  },

  async detachInstances(
    input: AutoScaling.DetachInstancesCommandInput,
  ): Answer<AutoScaling.DetachInstancesCommandOutput> {
    requireAutoScaling(input, ["AutoScalingGroupName", "ShouldDecrementDesiredCapacity"]);
    const group = findGroup(account, input.AutoScalingGroupName);
    const members = (input.InstanceIds ?? []).map((id) => {
      const member = group.instances.get(id);
      if (member === undefined)
        throw validationError(`The instance ${id} is not part of Auto Scaling group ${group.name}.`);
      if (member.lifecycle !== "InService" && member.lifecycle !== "Standby")
        throw validationError(`The instance ${id} is not in InService or Standby.`);
      return member;
    });
    if (input.ShouldDecrementDesiredCapacity === true) {
      const serving = members.filter(({ lifecycle }) => lifecycle === "InService").length;
      if (group.desired - serving < group.min)
        throw validationError(`${sizes(group)} To detach ${members.length} instance, ${APPROPRIATELY}`);
      group.desired -= serving;
    }
    for (const { id } of members) detach(account, group, id);
    scheduleCapacityCheck(account, group);
    const Activities = members.map(({ id }) => {
      const at = new Date(account.clock.now()).toISOString();
      const cause = `At ${at} instance ${id} was detached in response to a user request.`;
      const activity = startActivity(account, group, `Detaching EC2 instance: ${id}`, cause);
      endActivity(account, activity, "Successful");
      return describeActivity(group, activity);
    });
    return { Activities };
  },
});

const APPROPRIATELY = "please update the AutoScalingGroup sizes appropriately.";
const sizes = ({ name, min, max, desired }: AutoScalingGroup): string =>
  `AutoScalingGroup ${name} has min-size=${min}, max-size=${max}, and desired-size=${desired}.`;

function attachable({ ec2, autoScaling }: Account, group: AutoScalingGroup, id: string): Instance {
  const instance = ec2.instances.get(id);
  if (instance === undefined) throw validationError(`Invalid Instance ID(s): [${id}] specified`);
  const owner = [...autoScaling.groups.values()].find(({ instances }) => instances.has(id));
  if (owner !== undefined)
    throw validationError(`The instance ${id} is already part of Auto Scaling group ${owner.name}.`);
  if (instance.state !== "running") throw validationError(`Instance ${id} is not in correct state.`);
  const zones = group.subnetIds.map((subnet) => ec2.subnets.get(subnet)?.zone);
  if (!zones.includes(instance.zone))
    throw validationError(
      `The availability zone of the instance ${id} (${instance.zone}) is not one of those of Auto Scaling group ${group.name}.`,
    );
  return instance;
}

function attach(account: Account, group: AutoScalingGroup, instance: Instance): void {
  const { id, zone } = instance;
  const now = account.clock.now();
  instance.autoScalingGroup = group.name;
  instance.tags.set(GROUP_TAG, group.name);
  group.instances.set(id, {
    ...{ id, zone, lifecycle: "InService", protected: group.newInstancesProtected, isAtRisk: false },
    ...{ launched: group.launchTemplate, launchedAt: now, inServiceAt: now },
  });
  registerWithTargetGroups(account, group, id);
  const cause = `At ${new Date(now).toISOString()} an instance was attached in response to a user request.`;
  endActivity(
    account,
    startActivity(account, group, `Attaching an existing EC2 instance: ${id}`, cause),
    "Successful",
  );
}

function detach(account: Account, group: AutoScalingGroup, id: string): void {
  deregisterFromTargetGroups(account, group, id);
  group.instances.delete(id);
  const instance = account.ec2.instances.get(id);
  if (instance === undefined) return;
  instance.autoScalingGroup = undefined;
  instance.tags.delete(GROUP_TAG);
}
