import type { Account } from "../core/account.js";
import type { TaskRecord } from "../services/ecs/state.js";
import type { Target } from "../services/elb/state.js";

/** The task behind a target, found by the address of its network interface, or by its port on the instance. */
export function taskOfTarget(
  account: Pick<Account, "ecs">,
  target: Pick<Target, "id" | "port">,
): TaskRecord | undefined {
  for (const cluster of account.ecs.clusters.values()) {
    for (const task of cluster.tasks.values()) {
      // A stopped task is listed for a while, and its address may already belong to another one.
      if (task.description.lastStatus === "STOPPED") continue;
      if (task.targets.some(({ id, port }) => id === target.id && port === target.port)) return task;
    }
  }
  return undefined;
}

/** The port of this computer at which the target really listens. */
export const portOfTarget = (
  account: Pick<Account, "ecs">,
  target: Pick<Target, "id" | "port">,
): number | undefined => taskOfTarget(account, target)?.realPort;
