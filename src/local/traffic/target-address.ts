import type { Account } from "../core/account.js";
import type { TaskRecord } from "../services/ecs/state.js";
import { mainContainer } from "../services/ecs/tasks/main-container.js";
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

/**
 * The port of this computer at which the target really listens.
 *
 * @param port - the port of a health check, if it has one of its own
 */
export function portOfTarget(
  account: Pick<Account, "ecs">,
  target: Pick<Target, "id" | "port">,
  port?: number,
): number | undefined {
  const task = taskOfTarget(account, target);
  return task?.realPorts.get(port ?? target.port) ?? (port === undefined ? task?.realPort : undefined);
}

/** The container that listens at a port of the target; the main one if none says that it does. */
export function containerAt(task: TaskRecord, port: number): string {
  const { containerDefinitions = [] } = task.taskDefinition.description;
  const bound = task.description.containers?.find(({ networkBindings = [] }) =>
    networkBindings.some(({ hostPort }) => hostPort === port),
  );
  const own = containerDefinitions.find(({ portMappings = [] }) =>
    portMappings.some(({ containerPort }) => containerPort === port),
  );
  const isBridge = task.description.containers?.some(
    ({ networkBindings = [] }) => networkBindings.length > 0,
  );
  return (isBridge ? bound?.name : own?.name) ?? mainContainer(task).name ?? "";
}
