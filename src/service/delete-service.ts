import { targetGroupName } from "../aws/arn.js";
import type { AwsContext } from "../aws/context.js";
import { toBatches } from "../aws/in-batches.js";
import { ignoreNotFound } from "../aws/not-found.js";
import { paginate } from "../aws/paginate.js";
import { ADOPTED_TAG, fromTags, HASH_TAG, OWNER_TAG } from "../aws/tags.js";
import type { PendingDeletions } from "../engine/kind.js";
import { poll, withSharedPolls } from "../engine/poll.js";
import { elbTags } from "../load-balancer/elb-tags.js";
import { describeService } from "./describe-services.js";
import type { ServiceState } from "./service-state.js";

const MINUTE = 60_000;
const EVERY = 10_000;
/** For so long, what a run has asked of a service while it planned is taken as the present. */
const PLAN_IS_FRESH = 5_000;
/** The deregistration delay in seconds of a deleted service's targets. */
const DRAIN_SECONDS = 5;

/**
 * Deletes a service and waits until its tasks have stopped: they hold ports, network interfaces and
 * instances.
 */
export async function deleteService(
  state: ServiceState,
  context: AwsContext,
  leaving?: PendingDeletions,
): Promise<void> {
  const { clusterName: cluster, serviceName } = state;
  // A target group that is kept serves another service: its settings must not change.
  const deletedGroups = state.targetGroupArns.filter(
    (arn) => leaving === undefined || leaving.has("target-group", targetGroupName(arn)),
  );
  const asked = context.asPlanned?.(PLAN_IS_FRESH) ?? context;
  const tagsOfGroups = deletedGroups.length === 0 ? undefined : elbTags(deletedGroups, asked);
  tagsOfGroups?.catch(() => {});
  const service = await describeService(cluster, serviceName, asked);
  if (service === undefined || service.status === "INACTIVE") return;

  const [tasks] = await Promise.all([
    tasksOf(cluster, serviceName, asked),
    shortenDeregistrationDelay(deletedGroups, tagsOfGroups, fromTags(service.tags)[OWNER_TAG], context),
  ]);
  if (service.status !== "DRAINING") {
    await ignoreNotFound(context.aws.ecs.deleteService({ cluster, service: serviceName, force: true }));
  }
  await withSharedPolls(context, EVERY);
  await poll(
    {
      context,
      every: EVERY,
      timeout: 20 * MINUTE,
      what: `service ${serviceName} in ${cluster} to be deleted`,
      fix: "Run it again: it resumes waiting. Tasks stop once their targets are drained and their stop timeout has passed.",
    },
    async () => {
      const found = await describeService(cluster, serviceName, context);
      return found === undefined || found.status === "INACTIVE" ? true : undefined;
    },
  );
  await waitUntilStopped(cluster, tasks, context);
}

/** Asks while a run plans what the deletion of a service will ask first. */
export async function askBeforeDeletion(
  { clusterName, serviceName, targetGroupArns }: ServiceState,
  context: AwsContext,
): Promise<void> {
  await Promise.all([tasksOf(clusterName, serviceName, context), elbTags(targetGroupArns, context)]);
}

/**
 * Shortens the deregistration delay, which ECS waits for before it stops a task. Best effort: without it, the
 * deletion only takes longer.
 */
async function shortenDeregistrationDelay(
  arns: readonly string[],
  tagsOfGroups: ReturnType<typeof elbTags> | undefined,
  owner: string | undefined,
  context: AwsContext,
): Promise<void> {
  if (tagsOfGroups === undefined || owner === undefined) return;
  try {
    const tags = await tagsOfGroups;
    const owned = arns.filter(
      (arn) => tags.get(arn)?.[OWNER_TAG] === owner && tags.get(arn)?.[ADOPTED_TAG] === undefined,
    );
    // The hash tag says that the attributes are as described, which is no longer true.
    const hashed = owned.filter((arn) => tags.get(arn)?.[HASH_TAG] !== undefined);
    if (hashed.length > 0) await context.aws.elb.removeTags({ ResourceArns: hashed, TagKeys: [HASH_TAG] });
    await Promise.all(
      owned.map((arn) =>
        context.aws.elb.modifyTargetGroupAttributes({
          TargetGroupArn: arn,
          Attributes: [{ Key: "deregistration_delay.timeout_seconds", Value: String(DRAIN_SECONDS) }],
        }),
      ),
    );
  } catch (error) {
    if (context.signal.aborted) throw error;
  }
}

/** The running and stopping tasks. They are listed before the deletion: afterwards, ECS lists none. */
async function tasksOf(cluster: string, serviceName: string, context: AwsContext): Promise<string[]> {
  const list = (desiredStatus: "RUNNING" | "STOPPED") =>
    paginate(
      "nextToken",
      (next) => ignoreNotFound(context.aws.ecs.listTasks({ cluster, serviceName, desiredStatus, ...next })),
      ({ taskArns }) => taskArns,
    );
  return (await Promise.all([list("RUNNING"), list("STOPPED")])).flat();
}

async function waitUntilStopped(
  cluster: string,
  tasks: readonly string[],
  context: AwsContext,
): Promise<void> {
  const what = `the tasks of a deleted service in ${cluster} to stop`;
  // DescribeTasks takes a hundred.
  for (const batch of toBatches(tasks, 100)) {
    await poll({ context, every: 6_000, timeout: 10 * MINUTE, what }, async () => {
      const answer = await ignoreNotFound(context.aws.ecs.describeTasks({ cluster, tasks: batch }));
      return (answer?.tasks ?? []).every(({ lastStatus }) => lastStatus === "STOPPED") ? true : undefined;
    });
  }
}
