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
/** Seconds that targets get to finish their requests when their service is deleted. */
const LAST_DRAIN = 5;

/** Deletes a service and waits until its tasks are gone: they hold ports, network interfaces and instances. */
export async function deleteService(
  state: ServiceState,
  context: AwsContext,
  leaving?: PendingDeletions,
): Promise<void> {
  const { clusterName: cluster, serviceName } = state;
  const service = await describeService(cluster, serviceName, context);
  if (service === undefined || service.status === "INACTIVE") return;

  // A target group that stays serves another service: its settings are none of ours to change.
  const going = state.targetGroupArns.filter(
    (arn) => leaving === undefined || leaving.has("target-group", targetGroupName(arn)),
  );
  await shortenDeregistrationDelay(going, fromTags(service.tags)[OWNER_TAG], context);
  const tasks = await tasksOf(cluster, serviceName, context);
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
      fix: "Run it again: it goes on waiting. Tasks end when their targets are drained and their stop timeout is over.",
    },
    async () => {
      const found = await describeService(cluster, serviceName, context);
      return found === undefined || found.status === "INACTIVE" ? true : undefined;
    },
  );
  await allStopped(cluster, tasks, context);
}

/** ECS waits for the whole deregistration delay of each task. Best effort: without it, it only takes longer. */
async function shortenDeregistrationDelay(
  arns: readonly string[],
  owner: string | undefined,
  context: AwsContext,
): Promise<void> {
  if (arns.length === 0 || owner === undefined) return;
  try {
    const tags = await elbTags(arns, context);
    const ours = arns.filter(
      (arn) => tags.get(arn)?.[OWNER_TAG] === owner && tags.get(arn)?.[ADOPTED_TAG] === undefined,
    );
    // Until it says so itself again, nobody shall take a group's attributes for what they were.
    const telling = ours.filter((arn) => tags.get(arn)?.[HASH_TAG] !== undefined);
    if (telling.length > 0) await context.aws.elb.removeTags({ ResourceArns: telling, TagKeys: [HASH_TAG] });
    await Promise.all(
      ours.map((arn) =>
        context.aws.elb.modifyTargetGroupAttributes({
          TargetGroupArn: arn,
          Attributes: [{ Key: "deregistration_delay.timeout_seconds", Value: String(LAST_DRAIN) }],
        }),
      ),
    );
  } catch (error) {
    if (context.signal.aborted) throw error;
  }
}

/** Running and stopping ones. They must be listed before: a deleted service has no tasks to list. */
async function tasksOf(cluster: string, serviceName: string, context: AwsContext): Promise<string[]> {
  const list = (desiredStatus: "RUNNING" | "STOPPED") =>
    paginate(
      "nextToken",
      (next) => ignoreNotFound(context.aws.ecs.listTasks({ cluster, serviceName, desiredStatus, ...next })),
      ({ taskArns }) => taskArns,
    );
  return [...(await list("RUNNING")), ...(await list("STOPPED"))];
}

async function allStopped(cluster: string, tasks: readonly string[], context: AwsContext): Promise<void> {
  const what = `the tasks of a deleted service in ${cluster} to stop`;
  // DescribeTasks takes a hundred.
  for (const batch of toBatches(tasks, 100)) {
    await poll({ context, every: 6_000, timeout: 10 * MINUTE, what }, async () => {
      const answer = await ignoreNotFound(context.aws.ecs.describeTasks({ cluster, tasks: batch }));
      return (answer?.tasks ?? []).every(({ lastStatus }) => lastStatus === "STOPPED") ? true : undefined;
    });
  }
}
