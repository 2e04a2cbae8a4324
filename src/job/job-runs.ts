import type { Task } from "@aws-sdk/client-ecs";
import { taskId } from "../aws/arn.js";
import type { AwsContext } from "../aws/context.js";
import { inBatches } from "../aws/in-batches.js";
import { ignoreNotFound } from "../aws/not-found.js";
import { paginate } from "../aws/paginate.js";
import type { LogStreams } from "../spec/task/log-streams.js";

/**
 * A task of a job. ECS remembers stopped tasks for about an hour; of older ones, only the log stream and its
 * start time are left: `exitCode`, `reason` and `stoppedAt` are then `undefined`.
 */
export interface JobRun {
  /** The task's id. */
  readonly task: string;
  readonly status: string;
  readonly startedAt: Date | undefined;
  readonly stoppedAt: Date | undefined;
  readonly exitCode: number | undefined;
  readonly reason: string | undefined;
}

interface RunQuery {
  readonly cluster: string;
  readonly family: string;
  readonly container: string;
  /** `undefined`: its lines cannot be read. */
  readonly logs: LogStreams | undefined;
}

/** Running and earlier tasks, newest first: those that ECS remembers, and older ones by their log streams. */
export async function jobRuns(of: RunQuery, context: AwsContext): Promise<JobRun[]> {
  const [known, logged] = await Promise.all([knownRuns(of, context), loggedRuns(of, context)]);
  const isKnown = new Set(known.map(({ task }) => task));
  const older = logged.filter(({ task }) => !isKnown.has(task));
  const at = ({ startedAt }: JobRun) => startedAt?.getTime() ?? Infinity;
  return [...known, ...older].sort((one, other) => at(other) - at(one));
}

async function knownRuns(of: RunQuery, context: AwsContext): Promise<JobRun[]> {
  const { cluster, container } = of;
  const lists = await Promise.all(
    (["RUNNING", "STOPPED"] as const).map((status) => taskArns(of, status, context)),
  );
  // DescribeTasks takes a hundred.
  const found = await inBatches(
    lists.flat(),
    100,
    async (tasks): Promise<Task[]> => (await context.aws.ecs.describeTasks({ cluster, tasks })).tasks ?? [],
  );
  return found
    .sort((one, other) => (other.createdAt?.getTime() ?? 0) - (one.createdAt?.getTime() ?? 0))
    .map((task) => ({
      task: taskId(task.taskArn),
      status: task.lastStatus ?? "UNKNOWN",
      startedAt: task.startedAt,
      stoppedAt: task.stoppedAt,
      exitCode: task.containers?.find(({ name }) => name === container)?.exitCode,
      reason: task.stoppedReason,
    }));
}

/** The runs of the fifty log streams that were written to last (one page). */
async function loggedRuns({ logs }: RunQuery, { aws }: AwsContext): Promise<JobRun[]> {
  if (logs === undefined) return [];
  const { group, prefix } = logs;
  const found = await ignoreNotFound(
    aws.logs.describeLogStreams({ logGroupName: group, orderBy: "LastEventTime", descending: true }),
  );
  return (found?.logStreams ?? [])
    .filter(({ logStreamName = "" }) => logStreamName.startsWith(prefix))
    .map(({ logStreamName = "", creationTime }) => ({
      task: logStreamName.slice(prefix.length),
      status: "STOPPED",
      startedAt: creationTime === undefined ? undefined : new Date(creationTime),
      stoppedAt: undefined,
      exitCode: undefined,
      reason: undefined,
    }));
}

/**
 * The tasks of a family that are meant to run, or that have stopped and ECS still remembers; none if the
 * cluster does not exist.
 */
export async function taskArns(
  { cluster, family }: { readonly cluster: string; readonly family: string },
  desiredStatus: "RUNNING" | "STOPPED",
  { aws }: AwsContext,
): Promise<string[]> {
  return paginate(
    "nextToken",
    (next) => ignoreNotFound(aws.ecs.listTasks({ cluster, family, desiredStatus, ...next })),
    ({ taskArns: arns }) => arns,
  );
}
