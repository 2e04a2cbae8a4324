import type { Account } from "../../../core/account.js";
import type { Service, TaskRecord } from "../state.js";

/** The service that a task was started by, unless another of the same name has taken its place. */
export function serviceOf(account: Account, task: TaskRecord): Service | undefined {
  const service = account.ecs.clusters.get(task.clusterName)?.services.get(task.serviceName ?? "");
  const isItsOwn =
    task.rollout !== undefined && service?.serviceDeployments.includes(task.rollout.serviceDeployment);
  return isItsOwn === true ? service : undefined;
}
