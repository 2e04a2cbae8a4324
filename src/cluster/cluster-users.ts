import type { Task } from "@aws-sdk/client-ecs";
import { taskId } from "../aws/arn.js";
import type { AwsContext } from "../aws/context.js";
import { isUnsupportedOperation } from "../aws/error-code.js";
import { ignoreNotFound } from "../aws/not-found.js";
import { pages, paginate } from "../aws/paginate.js";
import type { PendingDeletions } from "../engine/kind.js";
import type { EcsClusterState } from "./cluster-state.js";
import { servicesIn } from "./services-in.js";

/**
 * The other users of a cluster: services that are not deleted in this run, tasks without a service, and
 * schedules that start tasks.
 */
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
    // A group's schedules are deleted with it.
    ...schedules
      .filter(({ name, group }) => !leaving.has("schedule", name) && !leaving.has("schedule-group", group))
      .map(({ name }) => `schedule ${name}`),
  ];
}

async function schedulesFor(
  { arn }: EcsClusterState,
  { aws }: AwsContext,
): Promise<{ readonly name: string; readonly group: string }[]> {
  try {
    const schedules = await paginate(
      "NextToken",
      (next) => aws.scheduler.listSchedules(next),
      ({ Schedules }) => Schedules,
    );
    return schedules.flatMap(({ Name: name, GroupName: group = "default", Target }) =>
      Target?.Arn === arn && name !== undefined ? [{ name, group }] : [],
    );
  } catch (error) {
    if (isUnsupportedOperation(error)) return [];
    throw error;
  }
}

/** The ids of running tasks without a service; the `group` of a service's task is `service:<name>`. */
async function standaloneTasksIn(
  { arn, clusterName }: EcsClusterState,
  { aws }: AwsContext,
): Promise<string[]> {
  const found: Task[] = [];
  // A page has at most 100, which is what one describe takes.
  for await (const { taskArns = [] } of pages("nextToken", async (next) => {
    // Another run may have deleted the cluster meanwhile.
    const page = await ignoreNotFound(aws.ecs.listTasks({ cluster: clusterName, ...next }));
    return page ?? {};
  })) {
    if (taskArns.length === 0) continue;
    const answer = await ignoreNotFound(aws.ecs.describeTasks({ cluster: clusterName, tasks: taskArns }));
    found.push(...(answer?.tasks ?? []));
  }
  return found
    .filter(
      ({ clusterArn, lastStatus, group }) =>
        clusterArn === arn && lastStatus !== "STOPPED" && !group?.startsWith("service:"),
    )
    .map(({ taskArn }) => taskId(taskArn));
}
