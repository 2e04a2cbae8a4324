import type { Account } from "../../../core/account.js";
import { scheduleCapacityCheck } from "../../auto-scaling/capacity.js";
import type { AutoScalingGroup } from "../../auto-scaling/state.js";
import { launchData } from "../../auto-scaling/launch-data.js";
import type { CapacityProviderRecord, Cluster } from "../state.js";
import { isWaiting } from "../tasks/waiting-task.js";
import { capacityOf } from "./container-instance-capacity.js";
import { needsOf, tasksOn } from "./container-instance-resources.js";

/** Scale-in needs a quarter of an hour. */
const LOW_MINUTES = 15;
/** A group without instances scales to two at once. */
const MIN_FROM_ZERO = 2;

/** ECS managed scaling: keeps as many instances as the tasks of a capacity provider need. */
export function scaleManagedGroups(account: Account): void {
  account.events.everyMinute.push({
    isActive: () => managedGroups(account).length > 0,
    evaluate: () =>
      managedGroups(account)
        .map(([provider, cluster, group]) => evaluateProvider(account, provider, cluster, group))
        .includes(true),
  });
}

function managedGroups(account: Account): [CapacityProviderRecord, Cluster, AutoScalingGroup][] {
  return [...account.ecs.capacityProviders.values()].flatMap((provider) => {
    const group = account.autoScaling.groups.get(provider.groupName);
    const cluster = [...account.ecs.clusters.values()].find(
      ({ status, capacityProviders }) => status === "ACTIVE" && capacityProviders.includes(provider.name),
    );
    const isOn = provider.targetCapacity !== undefined && group?.deleting === false;
    return isOn && cluster !== undefined ? [[provider, cluster, group]] : [];
  });
}

/** Evaluates one minute. Returns true if the next minute may change something even if nothing else happens. */
function evaluateProvider(
  account: Account,
  provider: CapacityProviderRecord,
  cluster: Cluster,
  group: AutoScalingGroup,
): boolean {
  const current = group.desired;
  const needed = instancesNeeded(account, provider, cluster, group);
  const target = provider.targetCapacity ?? 100;
  const proposed = needed === 0 ? 0 : Math.ceil((needed * 100) / target);
  const wanted = Math.min(
    group.max,
    Math.max(group.min, current === 0 && proposed > 0 ? Math.max(proposed, MIN_FROM_ZERO) : proposed),
  );
  protectBusyInstances(provider, cluster, group);
  if (wanted > current) {
    provider.lowMinutes = 0;
    return setDesiredCapacity(account, group, wanted);
  }
  if (wanted === current) {
    provider.lowMinutes = 0;
    return false;
  }
  provider.lowMinutes++;
  if (provider.lowMinutes < LOW_MINUTES) return true;
  provider.lowMinutes = 0;
  return setDesiredCapacity(account, group, wanted);
}

function setDesiredCapacity(account: Account, group: AutoScalingGroup, wanted: number): true {
  const at = new Date(account.clock.now()).toISOString();
  group.cause = `At ${at} ECS managed scaling changed the desired capacity from ${group.desired} to ${wanted}.  `;
  group.desired = wanted;
  scheduleCapacityCheck(account, group);
  return true;
}

/** The instances that run tasks, and those that waiting tasks need. */
function instancesNeeded(
  account: Account,
  { name }: CapacityProviderRecord,
  cluster: Cluster,
  group: AutoScalingGroup,
): number {
  const own = [...cluster.containerInstances.values()].filter(
    ({ capacityProvider, status }) => capacityProvider === name && status === "ACTIVE",
  );
  const busy = own.filter((instance) => tasksOn(cluster, instance).length > 0).length;
  const capacity = capacityOfGroup(account, group);
  let waiting = 0;
  for (const task of cluster.tasks.values()) {
    if (!isWaiting(task) || task.description.capacityProviderName !== name) continue;
    const needs = needsOf(task.taskDefinition.description);
    const tasksPerInstance = Math.floor(
      Math.min(capacity.cpu / Math.max(1, needs.cpu), capacity.memory / Math.max(1, needs.memory)),
    );
    // A task that fits on no instance does not scale the group.
    if (tasksPerInstance > 0) waiting += 1 / tasksPerInstance;
  }
  // Three thirds have to add up to one, despite floating point.
  return busy + Math.ceil(waiting - 1e-9);
}

function capacityOfGroup(account: Account, group: AutoScalingGroup): { cpu: number; memory: number } {
  return capacityOf(launchData(account, group.launchTemplate).data.InstanceType ?? "t3.small");
}

/** Managed termination protection: an instance with tasks is protected from scale-in. */
function protectBusyInstances(
  provider: CapacityProviderRecord,
  cluster: Cluster,
  group: AutoScalingGroup,
): void {
  if (!provider.terminationProtection) return;
  for (const instance of cluster.containerInstances.values()) {
    const member = group.instances.get(instance.instanceId);
    if (member !== undefined && instance.capacityProvider === provider.name)
      member.protected = tasksOn(cluster, instance).length > 0;
  }
}
