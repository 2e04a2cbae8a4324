import type { Account } from "../../../core/account.js";
import type { Service, TaskRecord } from "../state.js";

/** The service that started a task, unless it was replaced by another one with the same name. */
export function serviceOf(account: Pick<Account, "ecs">, task: TaskRecord): Service | undefined {
  const service = account.ecs.clusters.get(task.clusterName)?.services.get(task.serviceName ?? "");
  const isSameService =
    task.rollout !== undefined && service?.serviceDeployments.includes(task.rollout.serviceDeployment);
  return isSameService === true ? service : undefined;
}
