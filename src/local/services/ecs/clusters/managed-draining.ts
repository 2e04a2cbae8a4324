import type { Account } from "../../../core/account.js";
import { reconcileServices } from "../services/schedule-reconcile.js";
import type { Cluster, ContainerInstance } from "../state.js";
import { tasksOn } from "./container-instance-resources.js";

/** The actions on draining instances once their last task has ended. */
const onDrained = new WeakMap<ContainerInstance, () => void>();

/**
 * An instance of a capacity provider that is about to be terminated keeps its tasks until they are replaced
 * elsewhere.
 */
export function drainLeavingInstances(account: Account): void {
  account.events.instanceLeaving.push((instanceId, proceed) => {
    for (const cluster of account.ecs.clusters.values()) {
      const found = [...cluster.containerInstances.values()].find((each) => each.instanceId === instanceId);
      const provider = account.ecs.capacityProviders.get(found?.capacityProvider ?? "");
      if (found === undefined || provider?.draining !== true) continue;
      drainInstance(account, cluster, found, proceed);
      return true;
    }
    return false;
  });
}

/** Drains an instance: `proceed` is called once its last task has ended. */
export function drainInstance(
  account: Account,
  cluster: Cluster,
  instance: ContainerInstance,
  proceed: () => void,
): void {
  instance.status = "DRAINING";
  onDrained.set(instance, proceed);
  reconcileServices(account, cluster);
  proceedIfDrained(cluster, instance.arn);
}

/** A task has ended: it may have been the last one on an instance that drains. */
export function proceedIfDrained(cluster: Cluster, containerInstanceArn: string | undefined): void {
  const instance = cluster.containerInstances.get(containerInstanceArn ?? "");
  if (instance?.status !== "DRAINING" || tasksOn(cluster, instance).length > 0) return;
  const proceed = onDrained.get(instance);
  onDrained.delete(instance);
  proceed?.();
}
