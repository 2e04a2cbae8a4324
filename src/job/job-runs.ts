import type { Task } from "@aws-sdk/client-ecs";
import type { AwsContext } from "../aws/context.js";
import { unlessGone } from "../aws/gone.js";

/** A task of a job; ECS remembers those that have stopped for about an hour. */
export interface JobRun {
  /** The task's id. */
  readonly task: string;
  readonly status: string;
  readonly startedAt: Date | undefined;
  readonly stoppedAt: Date | undefined;
  readonly exitCode: number | undefined;
  readonly reason: string | undefined;
}

/** Those that run and those that ran lately, newest first. */
export async function jobRuns(
  { cluster, family, container }: { cluster: string; family: string; container: string },
  { aws }: AwsContext,
): Promise<JobRun[]> {
  const lists = await Promise.all(
    (["RUNNING", "STOPPED"] as const).map((desiredStatus) =>
      unlessGone(aws.ecs.listTasks({ cluster, family, desiredStatus })),
    ),
  );
  const tasks = lists.flatMap((list) => list?.taskArns ?? []);
  const found: Task[] = [];
  for (let start = 0; start < tasks.length; start += 100) {
    const batch = tasks.slice(start, start + 100);
    found.push(...((await aws.ecs.describeTasks({ cluster, tasks: batch })).tasks ?? []));
  }
  return found
    .sort((one, other) => (other.createdAt?.getTime() ?? 0) - (one.createdAt?.getTime() ?? 0))
    .map((task) => ({
      task: task.taskArn?.split("/").at(-1) ?? "",
      status: task.lastStatus ?? "UNKNOWN",
      startedAt: task.startedAt,
      stoppedAt: task.stoppedAt,
      exitCode: task.containers?.find(({ name }) => name === container)?.exitCode,
      reason: task.stoppedReason,
    }));
}
