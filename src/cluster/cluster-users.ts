import type { AwsContext } from "../aws/context.js";
import { isUnsupportedOperation } from "../aws/error-code.js";
import type { PendingDeletions } from "../engine/kind.js";
import type { EcsClusterState } from "./cluster-state.js";
import { servicesIn } from "./services-in.js";

/** Who else runs in a cluster: services that stay, tasks that belong to no service, and schedules that start such. */
export async function clusterUsers(
  cluster: EcsClusterState,
  leaving: PendingDeletions,
  context: AwsContext,
): Promise<readonly string[]> {
  const [services, tasks, schedules] = await Promise.all([
    servicesIn(cluster.clusterName, context),
    standaloneTasksIn(cluster, context),
    schedulesFor(cluster, context),
  ]);
  return [
    ...services
      .filter(
        ({ clusterArn, serviceName = "" }) =>
          clusterArn === cluster.arn && !leaving.has("service", serviceName),
      )
      .map(({ serviceName }) => `service ${serviceName}`),
    ...tasks.map((id) => `task ${id}`),
    // A group takes its schedules with it.
    ...schedules
      .filter(({ name, group }) => !leaving.has("schedule", name) && !leaving.has("schedule-group", group))
      .map(({ name }) => `schedule ${name}`),
  ];
}

async function schedulesFor(
  { arn }: EcsClusterState,
  { aws }: AwsContext,
): Promise<{ readonly name: string; readonly group: string }[]> {
  const found: { readonly name: string; readonly group: string }[] = [];
  let NextToken: string | undefined;
  try {
    do {
      const page = await aws.scheduler.listSchedules(NextToken === undefined ? {} : { NextToken });
      for (const { Name: name, GroupName: group = "default", Target } of page.Schedules ?? []) {
        if (Target?.Arn === arn && name !== undefined) found.push({ name, group });
      }
      NextToken = page.NextToken;
    } while (NextToken !== undefined);
  } catch (error) {
    if (!isUnsupportedOperation(error)) throw error;
  }
  return found;
}

/** Tasks of services are the services' affair; `group` is `service:<name>` for them. */
async function standaloneTasksIn(
  { arn, clusterName }: EcsClusterState,
  { aws }: AwsContext,
): Promise<string[]> {
  const ids: string[] = [];
  let nextToken: string | undefined;
  do {
    const page = await aws.ecs.listTasks({
      cluster: clusterName,
      ...(nextToken === undefined ? {} : { nextToken }),
    });
    const taskArns = page.taskArns ?? [];
    if (taskArns.length > 0) {
      const { tasks = [] } = await aws.ecs.describeTasks({ cluster: clusterName, tasks: taskArns });
      for (const task of tasks) {
        const stands =
          task.clusterArn === arn && task.lastStatus !== "STOPPED" && !task.group?.startsWith("service:");
        if (stands) ids.push(task.taskArn?.split("/").at(-1) ?? "");
      }
    }
    nextToken = page.nextToken;
  } while (nextToken !== undefined);
  return ids;
}
