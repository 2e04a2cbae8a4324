import type * as Ecs from "@aws-sdk/client-ecs";
import type { EcsApi } from "../../../../aws/api.js";
import type { Account } from "../../../core/account.js";
import { arnOf, nameOf } from "../../../core/arn.js";
import { durations } from "../../../core/durations.js";
import { page } from "../../../core/page.js";
import { findCluster } from "../clusters/clusters.js";
import { badToken, invalidParameter, serviceNotFound } from "../service-errors.js";
import type { Cluster, TaskRecord } from "../state.js";
import { listTags } from "../tags.js";
import { stopTask } from "./task-stop.js";

export const createTaskHandlers = (
  account: Account,
): Pick<EcsApi, "listTasks" | "describeTasks" | "stopTask"> => ({
  async listTasks(input) {
    const cluster = findCluster(account, input.cluster);
    if (input.serviceName !== undefined && !cluster.services.has(nameOf(input.serviceName)))
      throw serviceNotFound();
    const desiredStatus = input.desiredStatus ?? "RUNNING";
    const wanted = known(account, cluster).filter(
      ({ description, serviceName, taskDefinition }) =>
        description.desiredStatus === desiredStatus &&
        matchesFilter(input.serviceName && nameOf(input.serviceName), serviceName) &&
        matchesFilter(input.family, taskDefinition.description.family) &&
        matchesFilter(input.startedBy, description.startedBy) &&
        matchesFilter(input.launchType, description.launchType) &&
        matchesFilter(
          input.containerInstance && nameOf(input.containerInstance),
          nameOf(description.containerInstanceArn ?? ""),
        ),
    );
    const size = input.maxResults ?? 100;
    if (size < 1 || size > 100) throw invalidParameter("maxResults must be between 1 and 100.");
    const { items, nextToken } = page(wanted, input.nextToken, size, badToken);
    return {
      taskArns: items.map(({ description }) => description.taskArn ?? ""),
      ...(nextToken === undefined ? {} : { nextToken }),
    };
  },

  async describeTasks(input) {
    const cluster = findCluster(account, input.cluster);
    const wanted = input.tasks ?? [];
    if (wanted.length === 0) throw invalidParameter("Tasks cannot be empty.");
    if (wanted.length > 100) throw invalidParameter("Tasks cannot have more than 100 elements");
    known(account, cluster);
    const tasks: Ecs.Task[] = [];
    const failures: Ecs.Failure[] = [];
    for (const id of wanted.map(nameOf)) {
      const arn = arnOf(account, "ecs", `task/${cluster.name}/${id}`);
      const task = cluster.tasks.get(arn);
      if (task === undefined) {
        failures.push({ arn, reason: "MISSING" });
      } else {
        const tags = input.include?.includes("TAGS") ? { tags: listTags(task.tags) } : {};
        tasks.push({ ...structuredClone(task.description), ...tags });
      }
    }
    return { tasks, failures };
  },

  async stopTask(input) {
    const cluster = findCluster(account, input.cluster);
    const task = cluster.tasks.get(arnOf(account, "ecs", `task/${cluster.name}/${nameOf(input.task ?? "")}`));
    if (task === undefined) throw invalidParameter("The referenced task was not found.");
    const reason = input.reason ?? "Task stopped by user";
    stopTask(account, task, { stopCode: "UserInitiated", reason, drain: true });
    return { task: structuredClone(task.description) };
  },
});

const matchesFilter = (wanted: string | undefined, value: string | undefined): boolean =>
  !wanted || wanted === value;

/** The tasks, without those that stopped so long ago that ECS no longer lists them. */
function known(account: Account, cluster: Cluster): TaskRecord[] {
  const limit = account.clock.now() - durations.stoppedTaskLinger;
  for (const [arn, { description }] of cluster.tasks) {
    if (description.stoppedAt !== undefined && description.stoppedAt.getTime() < limit)
      cluster.tasks.delete(arn);
  }
  return [...cluster.tasks.values()];
}
