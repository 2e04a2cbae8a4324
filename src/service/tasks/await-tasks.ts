import type { Task } from "@aws-sdk/client-ecs";
import { taskId } from "../../aws/arn.js";
import type { AwsContext } from "../../aws/context.js";
import { toBatches } from "../../aws/in-batches.js";
import type { DiagnosisCode } from "../../diagnosis-codes.js";
import { stopReason } from "../rollout/dead-container.js";
import { diagnoseText, isDenied, moreOfExit } from "../rollout/diagnosis.js";
import { SETTLED_AFTER } from "./follow-logs.js";
import { LogReader, type LogLine } from "./log-reader.js";
import { startTasks, type TasksToRun } from "./start-tasks.js";

/** The result of a one-off task; without `exitCode`, it has not stopped or its container never started. */
export interface TaskOutcome {
  /** The task's id. */
  readonly task: string;
  readonly exitCode: number | undefined;
  /** Why it stopped, in ECS's words. */
  readonly reason: string | undefined;
  /** For a task that failed: a stable code such as `image-not-found`, `out-of-memory`, `exited-on-start`. */
  readonly diagnosis: DiagnosisCode | undefined;
  /** The last 20 lines that it wrote. */
  readonly logs: readonly string[];
}

const EVERY = 6_000;
/** DescribeTasks takes a hundred. */
const BATCH = 100;
const LINES_KEPT = 20;
/** ECS itself tries again after such a time. */
const RETRY_AFTER = 10_000;
/** By then, ECS returns a task that was just started. */
const VISIBLE_AFTER = 60_000;
const FORGOTTEN = "ECS no longer knows the task: its result is not available";

/**
 * Waits until every task has stopped and its last line is read; the lines come as `log` events meanwhile. A task
 * that ECS stopped because a new role had not propagated is started again, until it has.
 *
 * @param onStarted - called with the tasks that are started again
 */
export async function awaitTasks(
  arns: readonly string[],
  input: TasksToRun,
  context: AwsContext,
  onStarted?: (arns: readonly string[]) => void,
): Promise<TaskOutcome[]> {
  const ended: TaskOutcome[] = [];
  for (let waiting = arns; ;) {
    const outcomes = await awaitAll(waiting, input, context);
    ended.push(...outcomes.filter((outcome) => !isTooEarly(outcome, context)));
    const missing = arns.length - ended.length;
    if (missing === 0) return ended;
    await context.clock.sleep(RETRY_AFTER, context.signal);
    waiting = await startTasks({ ...input, count: missing }, context, onStarted);
  }
}

/** True if the task never ran, because a role that was just created or changed had not propagated. */
const isTooEarly = ({ exitCode, reason = "" }: TaskOutcome, { propagatingRoles }: AwsContext): boolean =>
  exitCode === undefined &&
  (/unable to assume the role/i.test(reason) || isDenied(reason)) &&
  propagatingRoles.areNamedIn(reason);

async function awaitAll(
  arns: readonly string[],
  input: TasksToRun,
  context: AwsContext,
): Promise<TaskOutcome[]> {
  const batches = toBatches(arns, BATCH);
  return (await Promise.all(batches.map((batch) => awaitBatch(batch, input, context)))).flat();
}

async function awaitBatch(
  arns: readonly string[],
  input: TasksToRun,
  context: AwsContext,
): Promise<TaskOutcome[]> {
  const { clock, signal } = context;
  const names = new Set<string>();
  const { logs } = input;
  const reader =
    logs &&
    new LogReader(
      { group: logs.group, streams: { names } },
      context.awsTime(context.startedAt) - 1_000,
      context,
    );
  const lines = new Map<string, string[]>();
  const show = (read: readonly LogLine[] | undefined) => {
    for (const { time, task, message } of read ?? []) {
      lines.set(task, [...(lines.get(task) ?? []), message].slice(-LINES_KEPT));
      context.emit({ type: "log", at: time.getTime(), name: input.name, task, message });
    }
  };
  const stopped = new Map<string, Task>();
  const began = clock.now();
  for (;;) {
    await clock.sleep(EVERY, signal);
    const open = arns.filter((arn) => !stopped.has(arn));
    const answer = await context.aws.ecs.describeTasks({ cluster: input.cluster, tasks: open });
    for (const task of answer.tasks ?? []) {
      if (logs !== undefined && hasStarted(task, input.container))
        names.add(`${logs.prefix}${taskId(task.taskArn)}`);
      if (task.lastStatus === "STOPPED") stopped.set(task.taskArn ?? "", task);
    }
    // ECS may have forgotten the tasks, for example if the computer was asleep.
    if (clock.now() - began > VISIBLE_AFTER)
      for (const { arn = "", reason } of answer.failures ?? [])
        if (reason === "MISSING") stopped.set(arn, { taskArn: arn, stoppedReason: FORGOTTEN });
    if (stopped.size === arns.length) break;
    show(await reader?.read(clock.now() - SETTLED_AFTER));
  }
  // CloudWatch Logs shows their last lines a little later.
  if (reader !== undefined) await clock.sleep(SETTLED_AFTER, signal);
  show(await reader?.read(Infinity));
  return arns.map((arn) => outcomeOf(stopped.get(arn)!, input.container, lines.get(taskId(arn)) ?? []));
}

/** True once the container has started: only then it has a log stream. */
function hasStarted({ containers = [], lastStatus, startedAt }: Task, container: string): boolean {
  const main = containers.find(({ name }) => name === container);
  const ran = main?.runtimeId !== undefined || main?.exitCode !== undefined;
  return ran || startedAt !== undefined || lastStatus === "RUNNING";
}

function outcomeOf(task: Task, container: string, logs: readonly string[]): TaskOutcome {
  const exitCode = task.containers?.find(({ name }) => name === container)?.exitCode;
  const reason = stopReason(task);
  const found = diagnoseText(reason, exitCode);
  const code = found === undefined ? "unknown" : moreOfExit(found, { logs }).code;
  const diagnosis = exitCode === 0 ? undefined : code;
  return { task: taskId(task.taskArn), exitCode, reason, diagnosis, logs };
}
