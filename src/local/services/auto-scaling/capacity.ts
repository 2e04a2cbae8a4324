import type { Account } from "../../core/account.js";
import { durations } from "../../core/durations.js";
import { ServiceError } from "../../core/service-error.js";
import { terminateInstance } from "../ec2/launch-instance.js";
import type { Instance } from "../ec2/state.js";
import { deregisterFromTargetGroups, registerWithTargetGroups } from "./group-target-groups.js";
import { endActivity, startActivity } from "./activities.js";
import { countByZone, launching, launchMissing, openZones } from "./launches.js";
import { activeRefresh } from "./refresh-state.js";
import type { AutoScalingGroup, GroupInstance } from "./state.js";

/*
 * Keeps the desired capacity of a group: launches missing instances and terminates surplus ones. It
 * reconciles only after a change: an idle cloud has nothing scheduled.
 */

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
    found.member.inServiceAt = account.clock.now();
    registerWithTargetGroups(account, found.group, instance.id);
    const activity = launching.get(found.member);
    if (activity !== undefined) endActivity(account, activity, "Successful");
    if (liveMembers(found.group).some(({ isAtRisk }) => isAtRisk))
      scheduleCapacityCheck(account, found.group);
  });
  // The notice is a recommendation, too.
  account.events.instanceInterrupted.push(({ id }) => recommendRebalance(account, id));
  account.events.instanceStopping.push((instance) => {
    const found = memberOf(instance);
    // Its EC2 status check fails.
    if (found?.member.lifecycle !== "InService" || ignoresHealth(found.group)) return;
    failInstance(account, instance.id);
  });
  account.events.instanceShuttingDown.push((instance) => {
    const found = memberOf(instance);
    if (found === undefined || found.member.lifecycle === "Terminating") return;
    // The instance was terminated outside of the group: it is removed from the group, and replaced.
    found.group.instances.delete(instance.id);
    scheduleCapacityCheck(account, found.group);
  });
}

const ignoresHealth = ({ suspended }: AutoScalingGroup): boolean =>
  suspended.has("HealthCheck") || suspended.has("ReplaceUnhealthy");

/** EC2 recommends to replace a Spot Instance: a group with capacity rebalancing does. */
export function recommendRebalance(account: Account, instanceId: string): void {
  const instance = account.ec2.instances.get(instanceId);
  if (instance?.isSpot !== true)
    throw new ServiceError("InvalidInstanceID.NotFound", `'${instanceId}' is not a running Spot Instance`);
  const group = account.autoScaling.groups.get(instance.autoScalingGroup ?? "");
  const member = group?.instances.get(instanceId);
  if (group?.capacityRebalance !== true || member === undefined) return;
  member.isAtRisk = true;
  scheduleCapacityCheck(account, group);
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
  const live = liveMembers(group);
  const wanted = group.desired + group.surplus;
  // With capacity rebalancing, an instance that EC2 takes back is replaced before it is terminated.
  const staying = live.filter(({ isAtRisk }) => !isAtRisk);
  if (staying.length < wanted && !group.suspended.has("Launch")) {
    const wait = launchMissing(account, group, staying, wanted);
    if (wait !== undefined) scheduleCapacityCheck(account, group, wait);
  }
  if (live.length > wanted && !group.suspended.has("Terminate")) terminateSurplus(account, group, live);
  if (live.length === wanted && staying.length === wanted) balanceZones(account, group, live);
}

function terminateSurplus(account: Account, group: AutoScalingGroup, live: readonly GroupInstance[]): void {
  const members = [...live];
  const ready = members.filter(({ isAtRisk, lifecycle }) => !isAtRisk && lifecycle === "InService").length;
  while (members.length > group.desired + group.surplus) {
    const counts = countByZone(members);
    const [chosen] = members
      .filter((member) => !member.protected || member.isAtRisk)
      // One that EC2 takes back waits for its replacement, and is then the first to leave.
      .filter((member) => !member.isAtRisk || ready >= group.desired)
      .sort((one, other) => Number(other.isAtRisk) - Number(one.isAtRisk))
      .sort(byTerminationPolicy(group))
      // From the zone with the most instances; within it the first by the termination policy.
      .sort((one, other) =>
        one.isAtRisk || other.isAtRisk ? 0 : (counts.get(other.zone) ?? 0) - (counts.get(one.zone) ?? 0),
      );
    if (chosen === undefined) return;
    const at = new Date(account.clock.now()).toISOString();
    const cause = `${group.cause}At ${at} an instance was taken out of service in response to a difference between desired and actual capacity, shrinking the capacity from ${members.length} to ${members.length - 1}.`;
    takeInstance(account, group, chosen, cause);
    members.splice(members.indexOf(chosen), 1);
  }
}

/** The oldest instance comes first, unless the group terminates the newest. */
const byTerminationPolicy =
  ({ terminationPolicies: [first] }: AutoScalingGroup) =>
  (one: GroupInstance, other: GroupInstance): number =>
    first === "NewestInstance" ? other.launchedAt - one.launchedAt : 0;

/** Zones that differ by more than one instance: another one is launched before one is terminated. */
function balanceZones(account: Account, group: AutoScalingGroup, live: readonly GroupInstance[]): void {
  if (group.surplus > 0 || group.suspended.has("AZRebalance") || activeRefresh(group) !== undefined) return;
  if (live.some(({ lifecycle }) => lifecycle !== "InService")) return;
  const counts = countByZone(live);
  const zones = openZones(account, group);
  const [emptiest] = [...zones].sort((one, other) => (counts.get(one) ?? 0) - (counts.get(other) ?? 0));
  const most = Math.max(...[...counts.values()], 0);
  const crowded = live.filter((member) => counts.get(member.zone) === most && !member.protected);
  if (emptiest === undefined || crowded[0] === undefined || most - (counts.get(emptiest) ?? 0) < 2) return;
  const [leaving] = crowded;
  leaving.isAtRisk = true;
  scheduleCapacityCheck(account, group);
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

/** The instances that count: neither in standby nor about to be terminated, oldest first. */
export const liveMembers = (group: AutoScalingGroup): GroupInstance[] =>
  [...group.instances.values()].filter(
    ({ lifecycle }) => lifecycle !== "Standby" && !lifecycle.startsWith("Terminating"),
  );
