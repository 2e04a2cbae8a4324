import type { Account } from "../../core/account.js";
import { durations } from "../../core/durations.js";
import { ServiceError } from "../../core/service-error.js";
import { launchInstance, terminateInstance } from "../ec2/launch-instance.js";
import { findTemplate, templateVersion } from "../ec2/launch-template-reference.js";
import type { Instance } from "../ec2/state.js";
import { serviceLinkedRole } from "../iam/service-linked-role.js";
import { deregisterFromTargetGroups, registerWithTargetGroups } from "./group-target-groups.js";
import { endActivity, startActivity } from "./activities.js";
import type { AutoScalingGroup, GroupInstance, ScalingActivity } from "./state.js";

/*
 * Keeps the desired capacity of a group: launches missing instances and terminates surplus ones. It
 * reconciles only after a change: an idle cloud has nothing scheduled.
 */

/** The activity that launches an instance, until the instance is running. */
const launching = new WeakMap<GroupInstance, ScalingActivity>();

/** Lets the group reconcile its capacity soon. */
export function scheduleCapacityCheck(
  account: Account,
  group: AutoScalingGroup,
  after: number = durations.autoScalingReaction,
): void {
  group.nextCapacityCheck?.cancel();
  group.nextCapacityCheck = account.clock.schedule(after, () => {
    group.nextCapacityCheck = undefined;
    checkCapacity(account, group);
  });
}

/** Follows EC2's instances: a group notices when one of its own starts or terminates. */
export function trackInstances(account: Account): void {
  const memberOf = (instance: Instance) => {
    const group = account.autoScaling.groups.get(instance.autoScalingGroup ?? "");
    const member = group?.instances.get(instance.id);
    return group === undefined || member === undefined ? undefined : { group, member };
  };
  account.events.instanceRunning.push((instance) => {
    const found = memberOf(instance);
    if (found?.member.lifecycle !== "Pending") return;
    found.member.lifecycle = "InService";
    registerWithTargetGroups(account, found.group, instance.id);
    const activity = launching.get(found.member);
    if (activity !== undefined) endActivity(account, activity, "Successful");
  });
  account.events.instanceShuttingDown.push((instance) => {
    const found = memberOf(instance);
    if (found === undefined || found.member.lifecycle === "Terminating") return;
    // The instance was terminated outside of the group: it is removed from the group, and replaced.
    found.group.instances.delete(instance.id);
    scheduleCapacityCheck(account, found.group);
  });
}

/** Terminates one instance of the group, and removes it from the group once it is terminated. */
export function terminateGroupInstance(
  account: Account,
  group: AutoScalingGroup,
  member: GroupInstance,
  cause: string,
): void {
  const interrupted = launching.get(member);
  if (interrupted?.status === "InProgress") endActivity(account, interrupted, "Successful");
  member.lifecycle = "Terminating";
  deregisterFromTargetGroups(account, group, member.id);
  const activity = startActivity(account, group, `Terminating EC2 instance: ${member.id}`, cause);
  terminateInstance(account, member.id, () => {
    endActivity(account, activity, "Successful");
    group.instances.delete(member.id);
    if (group.deleting) removeWhenEmpty(account, group);
    else scheduleCapacityCheck(account, group);
  });
}

/** A group that is being deleted keeps its name until its last instance is terminated. */
export function removeWhenEmpty(account: Account, group: AutoScalingGroup): void {
  if (group.instances.size > 0) return;
  account.clock.schedule(durations.autoScalingGroupRemoval, () => {
    if (account.autoScaling.groups.get(group.name) === group) account.autoScaling.groups.delete(group.name);
  });
}

function checkCapacity(account: Account, group: AutoScalingGroup): void {
  if (group.deleting) return;
  const live = [...group.instances.values()].filter((member) => !isTerminating(member));
  if (live.length < group.desired && !group.suspended.has("Launch")) launchMissing(account, group, live);
  if (live.length > group.desired && !group.suspended.has("Terminate"))
    terminateSurplus(account, group, live);
}

function launchMissing(account: Account, group: AutoScalingGroup, live: readonly GroupInstance[]): void {
  const members = [...live];
  // Where there is no capacity, the group uses its other zones.
  const full = new Set<string>();
  while (members.length < group.desired) {
    const subnetId = leastUsedSubnet(account, group, members, full);
    const member = launch(account, group, subnetId, members.length);
    if (member === undefined) {
      if (lacksCapacity(account, subnetId) && !full.has(subnetId)) {
        full.add(subnetId);
        if (full.size < group.subnetIds.length) continue;
      }
      group.failedLaunches++;
      const wait = durations.launchRetry * 2 ** (group.failedLaunches - 1);
      scheduleCapacityCheck(account, group, Math.min(wait, durations.launchRetryMax));
      return;
    }
    members.push(member);
  }
  group.failedLaunches = 0;
}

function launch(
  account: Account,
  group: AutoScalingGroup,
  subnetId: string,
  currentSize: number,
): GroupInstance | undefined {
  const at = new Date(account.clock.now()).toISOString();
  const cause = `${group.cause}At ${at} an instance was started in response to a difference between desired and actual capacity, increasing the capacity from ${currentSize} to ${currentSize + 1}.`;
  try {
    if (group.serviceLinkedRoleArn === undefined) checkServiceLinkedRole(account);
    const template = findTemplate(account, { LaunchTemplateId: group.launchTemplate.id });
    const version = templateVersion(template, group.launchTemplate.version);
    checkCapacityOf(account, subnetId, version.data.InstanceType);
    const tags = new Map([["aws:autoscaling:groupName", group.name]]);
    for (const [key, { value, propagate }] of group.tags) if (propagate) tags.set(key, value);
    const instance = launchInstance(account, {
      data: version.data,
      subnetId,
      autoScalingGroup: group.name,
      tags,
    });
    const member: GroupInstance = {
      id: instance.id,
      lifecycle: "Pending",
      protected: group.newInstancesProtected,
      zone: instance.zone,
      templateVersion: String(version.number),
    };
    group.instances.set(instance.id, member);
    launching.set(
      member,
      startActivity(account, group, `Launching a new EC2 instance: ${instance.id}`, cause),
    );
    return member;
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    const what =
      error.name === ROLE_NOT_ASSUMED
        ? "Validating load balancer configuration failed."
        : "Launching EC2 instance failed.";
    const message = `${error.message.replace(/\.$/, "")}. ${what}`;
    const activity = startActivity(
      account,
      group,
      `Launching a new EC2 instance.  Status Reason: ${message}`,
      cause,
    );
    endActivity(account, activity, "Failed", message);
    return undefined;
  }
}

const ROLE_NOT_ASSUMED = "AccessDenied";

/** A group is created without waiting for its service-linked role: its launches fail until then. */
function checkServiceLinkedRole(account: Account): void {
  const role = serviceLinkedRole(account, "autoscaling.amazonaws.com");
  if (account.clock.now() >= role.assumableAt) return;
  throw new ServiceError(ROLE_NOT_ASSUMED, `Access denied when attempting to assume role ${role.arn}.`);
}

const lacksCapacity = (account: Account, subnetId: string): boolean =>
  account.ec2.zonesWithoutCapacity.has(account.ec2.subnets.get(subnetId)?.zone ?? "");

function checkCapacityOf(account: Account, subnetId: string, type = "m1.small"): void {
  if (!lacksCapacity(account, subnetId)) return;
  const zones = [...new Set([...account.ec2.subnets.values()].map(({ zone }) => zone))].sort();
  const zone = account.ec2.subnets.get(subnetId)?.zone;
  const others = zones.filter((each) => !account.ec2.zonesWithoutCapacity.has(each)).join(", ");
  throw new ServiceError(
    "InsufficientInstanceCapacity",
    `We currently do not have sufficient ${type} capacity in the Availability Zone you requested (${zone}). Our system will be working on provisioning additional capacity. You can currently get ${type} capacity by not specifying an Availability Zone in your request or choosing ${others}.`,
  );
}

function terminateSurplus(account: Account, group: AutoScalingGroup, live: readonly GroupInstance[]): void {
  const members = [...live];
  while (members.length > group.desired) {
    const counts = countByZone(members);
    const [chosen] = members
      .filter((member) => !member.protected)
      // From the zone with the most instances; within it the oldest, which comes first.
      .sort((one, other) => (counts.get(other.zone) ?? 0) - (counts.get(one.zone) ?? 0));
    if (chosen === undefined) return;
    const at = new Date(account.clock.now()).toISOString();
    const cause = `${group.cause}At ${at} an instance was taken out of service in response to a difference between desired and actual capacity, shrinking the capacity from ${members.length} to ${members.length - 1}.`;
    takeInstance(account, group, chosen, cause);
    members.splice(members.indexOf(chosen), 1);
  }
}

/** A failed status check: the group takes the instance out of service, and replaces it. */
export function failInstance(account: Account, instanceId: string): void {
  for (const group of account.autoScaling.groups.values()) {
    const member = group.instances.get(instanceId);
    if (member === undefined) continue;
    const at = new Date(account.clock.now()).toISOString();
    takeInstance(
      account,
      group,
      member,
      `At ${at} an instance was taken out of service in response to an EC2 health check indicating it has been terminated or stopped.`,
    );
    scheduleCapacityCheck(account, group);
    return;
  }
  throw new ServiceError(
    "ValidationError",
    `Instance Id not found - No managed instance found for instance ID: ${instanceId}`,
  );
}

/** Takes an instance out of service at once, and terminates it once ECS has drained it, if ECS does. */
export function takeInstance(
  account: Account,
  group: AutoScalingGroup,
  member: GroupInstance,
  cause: string,
): void {
  const proceed = (): void => {
    if (member.lifecycle !== "Terminating:Wait") return;
    terminateGroupInstance(account, group, member, cause);
  };
  if (member.lifecycle !== "InService") return terminateGroupInstance(account, group, member, cause);
  member.lifecycle = "Terminating:Wait";
  const isDraining = account.events.instanceLeaving.some((listener) => listener(member.id, proceed));
  if (!isDraining) proceed();
}

const isTerminating = ({ lifecycle }: GroupInstance): boolean => lifecycle.startsWith("Terminating");

function leastUsedSubnet(
  account: Account,
  group: AutoScalingGroup,
  members: readonly GroupInstance[],
  full: ReadonlySet<string>,
): string {
  const counts = countByZone(members);
  const count = (id: string) => counts.get(account.ec2.subnets.get(id)?.zone ?? "") ?? 0;
  // After a failure, the next attempt uses another zone.
  const offset = group.failedLaunches % group.subnetIds.length;
  const open = group.subnetIds.filter((id) => !full.has(id));
  const order = [...group.subnetIds.slice(offset), ...group.subnetIds.slice(0, offset)].filter(
    (id) => open.length === 0 || open.includes(id),
  );
  return order.reduce((best, id) => (count(id) < count(best) ? id : best));
}

function countByZone(members: readonly GroupInstance[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { zone } of members) counts.set(zone, (counts.get(zone) ?? 0) + 1);
  return counts;
}
