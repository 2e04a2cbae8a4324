import type { Task } from "@aws-sdk/client-ecs";
import type { AwsContext } from "../../aws/context.js";
import { pages } from "../../aws/paginate.js";
import type { RolloutSubject } from "./rollout-evidence.js";

/** The largest page of ListTasks, and the maximum of DescribeTasks. */
const PAGE = 100;

/** The pages of stopped tasks that are read: ECS lists them in no particular order. */
const PAGES_READ = 5;

/** The tasks of one deployment that have stopped; AWS keeps them for about an hour. */
export async function stoppedTasks(
  { serviceName, clusterName: cluster }: RolloutSubject,
  deploymentId: string,
  { aws }: AwsContext,
): Promise<readonly Task[]> {
  const request = { cluster, serviceName, desiredStatus: "STOPPED" as const, maxResults: PAGE };
  const found: Task[] = [];
  let pagesRead = 0;
  for await (const { taskArns = [] } of pages("nextToken", (next) =>
    aws.ecs.listTasks({ ...request, ...next }),
  )) {
    found.push(...(await describe(cluster, taskArns, deploymentId, { aws })));
    if (++pagesRead === PAGES_READ) break;
  }
  return found;
}

/**
 * Like `stoppedTasks`, where many rollouts of a cluster are watched at once: all of them request the same
 * list of all its stopped tasks.
 */
export async function stoppedTasksAmongAll(
  subject: RolloutSubject,
  deploymentId: string,
  context: AwsContext,
): Promise<readonly Task[]> {
  const { clusterName: cluster } = subject;
  const { taskArns = [], nextToken } = await context.aws.ecs.listTasks({
    cluster,
    desiredStatus: "STOPPED",
    maxResults: PAGE,
  });
  // More than one page: listing the service's own tasks takes fewer calls.
  if (nextToken !== undefined) return stoppedTasks(subject, deploymentId, context);
  return describe(cluster, taskArns, deploymentId, context);
}

async function describe(
  cluster: string,
  tasks: readonly string[],
  deploymentId: string,
  { aws }: Pick<AwsContext, "aws">,
): Promise<readonly Task[]> {
  if (tasks.length === 0) return [];
  const described = await aws.ecs.describeTasks({ cluster, tasks: [...tasks] });
  return (described.tasks ?? []).filter((task) => task.startedBy === deploymentId);
}
