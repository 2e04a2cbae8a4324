import type { Failure, RunTaskCommandInput } from "@aws-sdk/client-ecs";
import type { AwsContext } from "../../aws/context.js";
import { waitReporter } from "../../engine/poll.js";
import { stableHash } from "../../engine/stable-hash.js";
import { QuaysideError } from "../../errors.js";
import { diagnoseText } from "../rollout/diagnosis.js";
import type { LogStreams } from "../../spec/task/log-streams.js";
import type { TaskLaunch } from "./task-launch.js";

/** The input of one-off tasks. */
export interface TasksToRun {
  /** The deployment's or the job's name, for messages. */
  readonly name: string;
  readonly cluster: string;
  /** The revision's ARN. */
  readonly taskDefinition: string;
  readonly launch: TaskLaunch;
  /** The main container, which the overrides apply to. */
  readonly container: string;
  readonly command?: readonly string[] | undefined;
  readonly environment?: Readonly<Record<string, string>> | undefined;
  readonly count: number;
  readonly startedBy: string;
  /** `undefined`: its lines cannot be read. */
  readonly logs: LogStreams | undefined;
}

/** RunTask takes ten. */
const BATCH = 10;
const EVERY = 10_000;
/** How long placement may fail before the cluster is reported as too small. */
const PLACEMENT_TIMEOUT = 5 * 60_000;

/**
 * Starts tasks, spread over zones and instances. Tasks that cannot be placed are retried: instances may be
 * registering, and other tasks may stop.
 *
 * @param onStarted - called with each batch as soon as it is started, so that an interrupted caller knows
 * what is running
 * @returns the ARNs of the tasks.
 */
export async function startTasks(
  input: TasksToRun,
  context: AwsContext,
  onStarted: (arns: readonly string[]) => void = () => {},
): Promise<string[]> {
  const { clock, signal } = context;
  const started: string[] = [];
  // The same token for a repeated request, another one for every other request.
  const run = stableHash([input.name, context.startedAt, context.random()]);
  let progressAt = clock.now();
  const reportWait = waitReporter(context, "task", input.name);
  for (let request = 0; started.length < input.count; request++) {
    const count = Math.min(BATCH, input.count - started.length);
    const { tasks = [], failures = [] } = await context.aws.ecs.runTask({
      ...requestOf(input),
      count,
      clientToken: `quayside-${run}-${request}`,
    });
    const arns = tasks.flatMap(({ taskArn }) => taskArn ?? []);
    started.push(...arns);
    onStarted(arns);
    if (tasks.length > 0) progressAt = clock.now();
    if (failures.length === 0) continue;
    const isTimedOut = clock.now() - progressAt >= PLACEMENT_TIMEOUT && !failures.every(lacksFargateCapacity);
    if (isTimedOut || !failures.every(isTransient)) throw notPlaced(input, started, failures);
    reportWait(
      `${input.count - started.length} of ${input.count} tasks cannot be placed yet (${failures[0]?.reason})`,
    );
    await clock.sleep(EVERY, signal);
  }
  return started;
}

/** True if the failure can pass: instances register, tasks stop, agents reconnect. */
const isTransient = (failure: Failure): boolean =>
  /^(RESOURCE|AGENT|NO ACTIVE|EMPTY)/.test(failure.reason ?? "") || lacksFargateCapacity(failure);

/** Fargate has capacity again after a while: the run's timeout is the limit. */
const lacksFargateCapacity = ({ reason = "" }: Failure): boolean =>
  diagnoseText(reason)?.code === "fargate-capacity";

function requestOf(input: TasksToRun): RunTaskCommandInput {
  const { command, environment = {} } = input;
  const variables = Object.entries(environment).map(([name, value]) => ({ name, value }));
  const hasOverrides = command !== undefined || variables.length > 0;
  return {
    ...input.launch,
    cluster: input.cluster,
    taskDefinition: input.taskDefinition,
    startedBy: input.startedBy,
    enableECSManagedTags: true,
    propagateTags: "TASK_DEFINITION",
    ...(hasOverrides && {
      overrides: {
        containerOverrides: [
          {
            name: input.container,
            ...(command !== undefined && { command: [...command] }),
            ...(variables.length > 0 && { environment: variables }),
          },
        ],
      },
    }),
  };
}

function notPlaced(
  input: TasksToRun,
  started: readonly string[],
  failures: readonly Failure[],
): QuaysideError {
  const reasons = [...new Set(failures.map(({ reason, detail }) => detail ?? reason ?? "no reason given"))];
  const missing = input.count - started.length;
  const [known] = failures.flatMap(({ reason = "" }) => diagnoseText(reason) ?? []);
  const fix = known?.code.startsWith("fargate-")
    ? known.fix
    : "Add more or larger instances to the cluster, reduce cpu and memory, or run fewer tasks at once.";
  return new QuaysideError(
    "tasks-not-placed",
    `${missing} of ${input.count} tasks of ${input.name} were not started in ${input.cluster}: ${reasons.join("; ")}`,
    {
      facts: { started, failures: failures.map(({ arn, reason, detail }) => ({ arn, reason, detail })) },
      fix: `${fix} Tasks that were started keep running.`,
    },
  );
}
