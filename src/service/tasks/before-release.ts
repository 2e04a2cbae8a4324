import type { AwsContext } from "../../aws/context.js";
import { ignoreNotFound } from "../../aws/not-found.js";
import { fromTags, toEcsTags } from "../../aws/tags.js";
import { isUnknown, type Kind, type Tagged } from "../../engine/kind.js";
import { stableHash } from "../../engine/stable-hash.js";
import { QuaysideError } from "../../errors.js";
import { taskDefinitionArn } from "../reported-fields.js";
import { describeService } from "../describe-services.js";
import { awaitTasks, type TaskOutcome } from "./await-tasks.js";
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
  readonly logs: { readonly group: string; readonly streamPrefix: string };
}

/** On a revision: the command, as a hash, that has succeeded for it. */
const PASSED_TAG = "quayside:before-release";

/**
 * The gate before a rollout: a task of the new revision that must succeed. It is "there" once it has, or
 * when the service runs that revision already; the revision itself remembers it.
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
    // Only the revision counts: another command is for the next one.
    return hasPassed || isReleased
      ? { state: {}, current: { taskDefinition: desired.taskDefinition }, tags: {} }
      : undefined;
  },

  create: pass,
  update: (desired, _observed, _changes, context) => pass(desired, context),
};

async function pass(desired: BeforeReleaseDesired, context: AwsContext): Promise<object> {
  const wish: TasksToRun = {
    ...desired,
    cluster: desired.clusterName,
    count: 1,
    startedBy: `quayside/before-release/${hashOf(desired)}`.slice(0, 36),
  };
  const task = (await runningGate(wish, context)) ?? (await startTasks(wish, context))[0]!;
  const outcome = await withinTimeout(task, desired, wish, context);
  if (outcome.exitCode !== 0) throw failed(desired, outcome);
  await context.aws.ecs.tagResource({
    resourceArn: desired.taskDefinition,
    tags: toEcsTags({ [PASSED_TAG]: hashOf(desired) }),
  });
  return {};
}

/** One that an earlier run has started and not seen to its end: two migrations at once do harm. */
async function runningGate(wish: TasksToRun, { aws }: AwsContext): Promise<string | undefined> {
  const { cluster, startedBy } = wish;
  const { taskArns = [] } = await aws.ecs.listTasks({ cluster, startedBy, desiredStatus: "RUNNING" });
  return taskArns[0];
}

async function withinTimeout(
  task: string,
  { timeoutSeconds, clusterName, name }: BeforeReleaseDesired,
  wish: TasksToRun,
  context: AwsContext,
): Promise<TaskOutcome> {
  const over = new AbortController();
  const ended = new AbortController();
  const signal = AbortSignal.any([context.signal, over.signal]);
  const late = new QuaysideError(
    "before-release-failed",
    `Nothing was released: the task before the release of ${name} did not end in ${timeoutSeconds} s, and was stopped`,
    { facts: { task }, fix: "Give it longer: .beforeRelease({ timeout }). Then deploy again." },
  );
  context.clock.sleep(timeoutSeconds * 1000, ended.signal).then(
    () => over.abort(late),
    () => {},
  );
  try {
    const [outcome] = await awaitTasks([task], wish, { ...context, signal });
    return outcome!;
  } catch (error) {
    if (!over.signal.aborted || context.signal.aborted) throw error;
    await ignoreNotFound(
      context.aws.ecs.stopTask({ cluster: clusterName, task, reason: "quayside: its timeout is over" }),
    );
    throw late;
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
      fix: "Read its last lines in `facts.logs`, correct it and deploy again; what ran before still runs.",
    },
  );
}

const hashOf = ({ taskDefinition, command, environment }: BeforeReleaseDesired): string =>
  stableHash([taskDefinition, command, environment]);
