import type { AwsContext } from "../../aws/context.js";
import { ignoreNotFound } from "../../aws/not-found.js";
import { fromTags, toEcsTags } from "../../aws/tags.js";
import { isUnknown, type Kind, type Tagged } from "../../engine/kind.js";
import { stableHash } from "../../engine/stable-hash.js";
import { QuaysideError } from "../../errors.js";
import { describeService } from "../describe-services.js";
import { taskDefinitionArn } from "../reported-fields.js";
import { awaitTasks, type TaskOutcome } from "./await-tasks.js";
import type { LogStreams } from "../../spec/task/log-streams.js";
import { startTasks, type TasksToRun } from "./start-tasks.js";
import type { TaskLaunch } from "./task-launch.js";

export interface BeforeReleaseDesired extends Tagged {
  readonly name: string;
  readonly clusterName: string;
  readonly serviceName: string;
  /** The revision that is to be released. */
  readonly taskDefinition: string;
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly timeoutSeconds: number;
  readonly container: string;
  readonly launch: TaskLaunch;
  /** `undefined`: its lines cannot be read. */
  readonly logs: LogStreams | undefined;
}

/** The tag on a revision with the hash of the command that succeeded for it. */
const PASSED_TAG = "quayside:before-release";

/**
 * The gate before a rollout: a task of the new revision that must succeed. The gate exists once the task has
 * succeeded, which a tag of the revision records, or if the service already runs the revision.
 */
export const beforeReleaseKind: Kind<BeforeReleaseDesired, object, AwsContext> = {
  kind: "before-release",
  unknown: {},

  async read(desired, context) {
    if (isUnknown(desired.taskDefinition)) return undefined;
    const [definition, service] = await Promise.all([
      ignoreNotFound(
        context.aws.ecs.describeTaskDefinition({
          taskDefinition: desired.taskDefinition,
          include: ["TAGS"],
        }),
      ),
      describeService(desired.clusterName, desired.serviceName, context),
    ]);
    const hasPassed = fromTags(definition?.tags)[PASSED_TAG] === hashOf(desired);
    const isReleased = service?.status === "ACTIVE" && taskDefinitionArn(service) === desired.taskDefinition;
    // Only the revision is compared: another command applies to the next one.
    return hasPassed || isReleased
      ? { state: {}, current: { taskDefinition: desired.taskDefinition }, tags: {} }
      : undefined;
  },

  create: runGate,
  update: (desired, _observed, _changes, context) => runGate(desired, context),
};

async function runGate(desired: BeforeReleaseDesired, context: AwsContext): Promise<object> {
  const input: TasksToRun = {
    ...desired,
    cluster: desired.clusterName,
    count: 1,
    startedBy: `quayside/before-release/${hashOf(desired)}`.slice(0, 36),
  };
  const task = (await runningGate(input, context)) ?? (await startTasks(input, context))[0]!;
  const outcome = await withinTimeout(task, desired, input, context);
  if (outcome.exitCode !== 0) throw failed(desired, outcome);
  await context.aws.ecs.tagResource({
    resourceArn: desired.taskDefinition,
    tags: toEcsTags({ [PASSED_TAG]: hashOf(desired) }),
  });
  return {};
}

/**
 * The task that an earlier run started and did not see to its end: two concurrent migrations could do harm.
 */
async function runningGate(input: TasksToRun, { aws }: AwsContext): Promise<string | undefined> {
  const { cluster, startedBy } = input;
  const { taskArns = [] } = await aws.ecs.listTasks({ cluster, startedBy, desiredStatus: "RUNNING" });
  return taskArns[0];
}

async function withinTimeout(
  task: string,
  { timeoutSeconds, clusterName, name }: BeforeReleaseDesired,
  input: TasksToRun,
  context: AwsContext,
): Promise<TaskOutcome> {
  let running = task;
  const timedOut = new AbortController();
  const ended = new AbortController();
  const signal = AbortSignal.any([context.signal, timedOut.signal]);
  const timeoutError = new QuaysideError(
    "before-release-failed",
    `Nothing was released: the task before the release of ${name} did not finish within ${timeoutSeconds} s and was stopped`,
    { facts: { task }, fix: "Increase the timeout: .beforeRelease({ timeout }). Then deploy again." },
  );
  context.clock.sleep(timeoutSeconds * 1000, ended.signal).then(
    () => timedOut.abort(timeoutError),
    () => {},
  );
  try {
    const onStarted = ([again]: readonly string[]) => void (running = again ?? running);
    const [outcome] = await awaitTasks([task], input, { ...context, signal }, onStarted);
    return outcome!;
  } catch (error) {
    if (!timedOut.signal.aborted || context.signal.aborted) throw error;
    await ignoreNotFound(
      context.aws.ecs.stopTask({ cluster: clusterName, task: running, reason: "quayside: timed out" }),
    );
    throw timeoutError;
  } finally {
    ended.abort();
  }
}

function failed(
  { name, command }: BeforeReleaseDesired,
  { task, exitCode, reason, diagnosis, logs }: TaskOutcome,
): QuaysideError {
  const why = exitCode === undefined ? reason : `exit code ${exitCode}`;
  return new QuaysideError(
    "before-release-failed",
    `Nothing was released: \`${command.join(" ")}\` before the release of ${name} failed: ${why}`,
    {
      facts: { task, exitCode, reason, diagnosis, logs },
      fix: "Read its last log lines in `facts.logs`, fix it and deploy again. The version that ran before is still running.",
    },
  );
}

const hashOf = ({ taskDefinition, command, environment }: BeforeReleaseDesired): string =>
  stableHash([taskDefinition, command, environment]);
