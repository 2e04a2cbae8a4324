import type { Account } from "../../../core/account.js";
import type { Scheduled } from "../../../core/clock.js";
import { durations } from "../../../core/durations.js";
import type { Cluster, Service } from "../state.js";
import { isWaiting } from "../tasks/waiting-task.js";

const alarms = new WeakMap<Service, { readonly at: number; readonly scheduled: Scheduled }>();

/** Schedules a reconciliation of a service: soon, or after `delay`, whichever comes first. */
export function scheduleReconcile(
  account: Account,
  service: Service,
  delay: number = durations.schedulerTick,
): void {
  const at = account.clock.now() + delay;
  const alarm = alarms.get(service);
  if (alarm !== undefined && alarm.at <= at) return;
  alarm?.scheduled.cancel();
  const scheduled = account.clock.schedule(delay, () => {
    alarms.delete(service);
    for (const listener of account.events.serviceDue) listener(service);
  });
  alarms.set(service, { at, scheduled });
}

/** Something has changed that any service of the cluster may be waiting for: capacity, or a port. */
export function reconcileServices(account: Account, cluster: Cluster): void {
  for (const service of cluster.services.values()) {
    if (service.description.status !== "INACTIVE") scheduleReconcile(account, service);
  }
  if (![...cluster.tasks.values()].some(isWaiting)) return;
  account.clock.schedule(durations.schedulerTick, () => {
    for (const listener of account.events.capacityFound) listener(cluster);
  });
}
