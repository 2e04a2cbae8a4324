import type { ContainerDefinition, Task } from "@aws-sdk/client-ecs";
import { taskId } from "../../aws/arn.js";
import type { AwsContext } from "../../aws/context.js";
import { ignoreNotFound } from "../../aws/not-found.js";
import { pages } from "../../aws/paginate.js";
import type { RolloutEvidence, ServiceEvent, StoppedTasks, TargetHealth } from "../../errors.js";
import { clusterEvidence } from "./cluster-evidence.js";
import { deadContainer, stopReason } from "./dead-container.js";

/** The service whose rollout is examined. */
export interface RolloutSubject {
  readonly serviceName: string;
  readonly clusterName: string;
  readonly taskDefinition: string;
  readonly targetGroupArns: readonly string[];
}

/** The health of every target of the service's target groups. */
export async function targetHealth(subject: RolloutSubject, { aws }: AwsContext): Promise<TargetHealth[]> {
  const groups = await Promise.all(
    subject.targetGroupArns.map((TargetGroupArn) => aws.elb.describeTargetHealth({ TargetGroupArn })),
  );
  return groups.flatMap((group) =>
    (group.TargetHealthDescriptions ?? []).map(({ Target, TargetHealth: health }) => ({
      target: Target?.Id ?? "",
      port: Target?.Port,
      state: health?.State ?? "unknown",
      reason: health?.Reason,
      description: health?.Description,
    })),
  );
}

/** Everything that AWS reports about a rollout that does not become healthy. */
export async function gatherEvidence(
  subject: RolloutSubject,
  tasks: readonly Task[],
  events: readonly ServiceEvent[],
  context: AwsContext,
  includesCluster = events.some(({ message }) => /unable to place a task/.test(message)),
): Promise<RolloutEvidence> {
  const [targets, logs, cluster] = await Promise.all([
    targetHealth(subject, context).catch(() => []),
    lastLines(subject, tasks, context).catch(() => []),
    includesCluster ? clusterEvidence(subject.clusterName, context).catch(() => undefined) : undefined,
  ]);
  return { stopped: groupStopped(tasks), targets, events, logs, ...(cluster !== undefined && { cluster }) };
}

/** Stopped tasks, grouped by what stopped them, the most frequent first. */
export function groupStopped(tasks: readonly Task[]): StoppedTasks[] {
  const groups = new Map<string, StoppedTasks>();
  for (const task of tasks) {
    const reason = stopReason(task);
    const exitCode = deadContainer(task)?.exitCode;
    const key = `${task.stopCode} ${reason} ${exitCode}`;
    const known = groups.get(key);
    groups.set(key, {
      count: (known?.count ?? 0) + 1,
      stopCode: task.stopCode,
      reason,
      exitCode,
      task: known?.task ?? taskId(task.taskArn),
    });
  }
  return [...groups.values()].sort((a, b) => b.count - a.count);
}

const LINES_SHOWN = 20;
const TASKS_READ = 3;
/** Only the last lines matter, and a task may have written for days. */
const LOOK_BACK = 10 * 60_000;
const PAGES_READ = 20;

/**
 * The last log lines of the task that stopped last, or of an earlier one: CloudWatch Logs may not show the
 * newest lines yet.
 */
export async function lastLines(
  subject: RolloutSubject,
  tasks: readonly Task[],
  context: AwsContext,
): Promise<string[]> {
  if (tasks.length === 0) return [];
  const lastFirst = [...tasks].sort((a, b) => (b.stoppedAt?.getTime() ?? 0) - (a.stoppedAt?.getTime() ?? 0));
  const containersOf = containersByRevision(context);
  for (const task of lastFirst.slice(0, TASKS_READ)) {
    // Its own revision may write to another log group than the one that is deployed.
    const all = await containersOf(task.taskDefinitionArn ?? subject.taskDefinition);
    // The failed container's lines; the others' only if it wrote none.
    const dead = deadContainer(task)?.name;
    const [first, others] = [
      all.filter(({ name }) => name === dead),
      all.filter(({ name }) => name !== dead),
    ];
    for (const containers of [first, others]) {
      const lines = await Promise.all(containers.map((container) => lastLinesOf(container, task, context)));
      if (lines.flat().length > 0) return lines.flat().slice(-LINES_SHOWN);
    }
  }
  return [];
}

/** Reads each revision once. */
function containersByRevision({ aws }: AwsContext): (revision: string) => Promise<ContainerDefinition[]> {
  const known = new Map<string, Promise<ContainerDefinition[]>>();
  return (taskDefinition) => {
    let found = known.get(taskDefinition);
    if (found === undefined) {
      found = aws.ecs
        .describeTaskDefinition({ taskDefinition })
        .then((answer) => answer.taskDefinition?.containerDefinitions ?? []);
      known.set(taskDefinition, found);
    }
    return found;
  };
}

async function lastLinesOf(
  { name, logConfiguration }: ContainerDefinition,
  { taskArn, stoppedAt }: Task,
  { aws, awsTime }: AwsContext,
): Promise<string[]> {
  const { "awslogs-group": logGroupName, "awslogs-stream-prefix": prefix } = logConfiguration?.options ?? {};
  if (logGroupName === undefined || prefix === undefined) return [];
  const stream = `${prefix}/${name}/${taskId(taskArn)}`;
  const end = stoppedAt?.getTime() ?? awsTime();
  const request = {
    logGroupName,
    logStreamNames: [stream],
    startTime: Math.max(0, Math.floor(end) - LOOK_BACK),
  };
  let lines: string[] = [];
  let pagesRead = 0;
  // Its stream does not exist if the container never started.
  for await (const page of pages("nextToken", (next) =>
    ignoreNotFound(aws.logs.filterLogEvents({ ...request, ...next })),
  )) {
    lines = [...lines, ...(page?.events ?? []).map(({ message = "" }) => message)].slice(-LINES_SHOWN);
    if (++pagesRead === PAGES_READ) break;
  }
  return lines;
}
