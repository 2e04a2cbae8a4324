import type { Failure, RunTaskCommandInput } from "@aws-sdk/client-ecs";
import type { AwsContext } from "../../aws/context.js";
import { waitReporter } from "../../engine/poll.js";
import { stableHash } from "../../engine/stable-hash.js";
import { QuaysideError } from "../../errors.js";
import type { TaskLaunch } from "./task-launch.js";

/** What one-off tasks are made from. */
export interface TasksToRun {
  /** Whose they are, for messages: the deployment's or the job's name. */
  readonly name: string;
  readonly cluster: string;
  /** The revision's ARN. */
  readonly taskDefinition: string;
  readonly launch: TaskLaunch;
  /** The main container: what the overrides are for. */
  readonly container: string;
  readonly command?: readonly string[] | undefined;
  readonly environment?: Readonly<Record<string, string>> | undefined;
  readonly count: number;
  readonly startedBy: string;
  readonly logs: { readonly group: string; readonly streamPrefix: string };
}

/** RunTask takes ten. */
const BATCH = 10;
const EVERY = 10_000;
/** So long may no task find a place before the cluster counts as too small. */
const NO_PLACE_FOR = 5 * 60_000;

/**
 * Starts tasks, spread over zones and instances. What finds no place is tried again: instances may be
 * joining, and other tasks end.
 *
 * @param onStarted - told of each batch at once: whoever is cut short knows what goes on
 * @returns the ARNs of the tasks.
 */
export async function startTasks(
  wish: TasksToRun,
  context: AwsContext,
  onStarted: (arns: readonly string[]) => void = () => {},
): Promise<string[]> {
  const { clock, signal } = context;
  const started: string[] = [];
  // The same token for a request that is repeated, another one for every other.
  const run = stableHash([wish.name, context.startedAt, context.random()]);
  let progressAt = clock.now();
  const tell = waitReporter(context, "task", wish.name);
  for (let request = 0; started.length < wish.count; request++) {
    const count = Math.min(BATCH, wish.count - started.length);
    const { tasks = [], failures = [] } = await context.aws.ecs.runTask({
      ...requestOf(wish),
      count,
      clientToken: `quayside-${run}-${request}`,
    });
    const arns = tasks.flatMap(({ taskArn }) => taskArn ?? []);
    started.push(...arns);
    onStarted(arns);
    if (tasks.length > 0) progressAt = clock.now();
    if (failures.length === 0) continue;
    const isOver = clock.now() - progressAt >= NO_PLACE_FOR;
    if (isOver || !failures.every(isPassing)) throw notPlaced(wish, started, failures);
    tell(`${wish.count - started.length} of ${wish.count} tasks find no place yet (${failures[0]?.reason})`);
    await clock.sleep(EVERY, signal);
  }
  return started;
}

/** Room comes with instances that join and tasks that end, agents connect again. */
const isPassing = ({ reason = "" }: Failure): boolean => /^(RESOURCE|AGENT|NO ACTIVE|EMPTY)/.test(reason);

function requestOf(wish: TasksToRun): RunTaskCommandInput {
  const { command, environment = {} } = wish;
  const variables = Object.entries(environment).map(([name, value]) => ({ name, value }));
  const hasOverrides = command !== undefined || variables.length > 0;
  return {
    ...wish.launch,
    cluster: wish.cluster,
    taskDefinition: wish.taskDefinition,
    startedBy: wish.startedBy,
    enableECSManagedTags: true,
    propagateTags: "TASK_DEFINITION",
    ...(hasOverrides && {
      overrides: {
        containerOverrides: [
          {
            name: wish.container,
            ...(command !== undefined && { command: [...command] }),
            ...(variables.length > 0 && { environment: variables }),
          },
        ],
      },
    }),
  };
}

function notPlaced(
  wish: TasksToRun,
  started: readonly string[],
  failures: readonly Failure[],
): QuaysideError {
  const reasons = [...new Set(failures.map(({ reason, detail }) => detail ?? reason ?? "no reason given"))];
  const lost = wish.count - started.length;
  return new QuaysideError(
    "tasks-not-placed",
    `${lost} of ${wish.count} tasks of ${wish.name} were not started in ${wish.cluster}: ${reasons.join("; ")}`,
    {
      facts: { started, failures: failures.map(({ arn, reason, detail }) => ({ arn, reason, detail })) },
      fix: "Give the cluster more or larger instances, ask for less cpu and memory, or run fewer tasks at once. Those that were started go on.",
    },
  );
}
