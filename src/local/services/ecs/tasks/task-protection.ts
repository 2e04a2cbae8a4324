import type * as Ecs from "@aws-sdk/client-ecs";
import type { Account } from "../../../core/account.js";
import type { Answer } from "../../../core/answer.js";
import { arnOf, nameOf } from "../../../core/arn.js";
import { findCluster } from "../clusters/clusters.js";
import { invalidParameter } from "../service-errors.js";
import type { Cluster, TaskRecord } from "../state.js";

const MINUTE = 60_000;
/** In minutes. Source: ECS API reference, UpdateTaskProtection. */
const [DEFAULT, MAX] = [120, 2880];

/** Which tasks the service scheduler may not stop when it scales in. */
export const createTaskProtectionHandlers = (account: Account) => ({
  async updateTaskProtection(
    input: Ecs.UpdateTaskProtectionCommandInput,
  ): Answer<Ecs.UpdateTaskProtectionCommandOutput> {
    const { expiresInMinutes: minutes = DEFAULT, protectionEnabled = false } = input;
    if (minutes < 1 || minutes > MAX)
      throw invalidParameter(`expiresInMinutes must be between 1 and ${MAX}.`);
    return answer(account, input.cluster, input.tasks, (task) => {
      task.protectedUntil = protectionEnabled ? account.clock.now() + minutes * MINUTE : undefined;
    });
  },

  async getTaskProtection(
    input: Ecs.GetTaskProtectionCommandInput,
  ): Answer<Ecs.GetTaskProtectionCommandOutput> {
    return answer(account, input.cluster, input.tasks, () => {});
  },
});

/** True while the scheduler may not stop the task. */
export const isProtected = (account: Account, { protectedUntil }: TaskRecord): boolean =>
  protectedUntil !== undefined && account.clock.now() < protectedUntil;

function answer(
  account: Account,
  clusterName: string | undefined,
  ids: readonly string[] | undefined,
  change: (task: TaskRecord) => void,
): { readonly protectedTasks: Ecs.ProtectedTask[]; readonly failures: Ecs.Failure[] } {
  const cluster = findCluster(account, clusterName);
  const wanted = ids ?? serviceTasks(cluster);
  if (wanted.length > 10) throw invalidParameter("Tasks cannot have more than 10 elements");
  const protectedTasks: Ecs.ProtectedTask[] = [];
  const failures: Ecs.Failure[] = [];
  for (const id of wanted) {
    const arn = arnOf(account, "ecs", `task/${cluster.name}/${nameOf(id)}`);
    const task = cluster.tasks.get(arn);
    if (task === undefined) failures.push({ arn, reason: "MISSING" });
    else if (task.serviceName === undefined)
      failures.push({ arn, reason: "TASK_NOT_VALID", detail: "The task is not part of a service." });
    else {
      change(task);
      protectedTasks.push(describe(account, arn, task));
    }
  }
  return { protectedTasks, failures };
}

const serviceTasks = (cluster: Cluster): string[] =>
  [...cluster.tasks].filter(([, { serviceName }]) => serviceName !== undefined).map(([arn]) => arn);

const describe = (account: Account, taskArn: string, task: TaskRecord): Ecs.ProtectedTask => ({
  taskArn,
  protectionEnabled: isProtected(account, task),
  ...(isProtected(account, task) && { expirationDate: new Date(task.protectedUntil!) }),
});
