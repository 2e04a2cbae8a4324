import type { Task } from "@aws-sdk/client-ecs";
import type { AwsContext } from "../aws/context.js";
import { inBatches } from "../aws/in-batches.js";
import { ignoreNotFound } from "../aws/not-found.js";
import { fromTags, OWNER_TAG } from "../aws/tags.js";
import { reported } from "../engine/apply.js";
import { taskArns } from "./job-runs.js";

/** DescribeTasks takes a hundred. */
const BATCH = 100;
const EVERY = 6_000;

interface TasksOf {
  readonly cluster: string;
  readonly family: string;
  readonly owner: string;
}

/**
 * Stops the one-off tasks that are still running, and waits until they have stopped: they use the cluster,
 * and their network interfaces use the security group. A service's tasks stop with the service.
 */
export async function stopTasks(of: TasksOf, context: AwsContext): Promise<void> {
  const { cluster, family } = of;
  const owned = await oneOffTasks(of, context);
  if (owned.length === 0) return;
  await reported({ kind: { kind: "task" }, name: family }, "delete", context, async () => {
    let open = owned.flatMap(({ taskArn }) => taskArn ?? []);
    for (const task of open)
      await ignoreNotFound(context.aws.ecs.stopTask({ cluster, task, reason: "quayside: destroyed" }));
    for (;;) {
      const left = await describe(cluster, open, context);
      open = left
        .filter(({ lastStatus }) => lastStatus !== "STOPPED")
        .flatMap(({ taskArn }) => taskArn ?? []);
      if (open.length === 0) return;
      await context.clock.sleep(EVERY, context.signal);
    }
  });
}

/** The tasks without a service that are meant to run. */
export async function oneOffTasks(of: TasksOf, context: AwsContext): Promise<readonly Task[]> {
  const running = await describe(of.cluster, await taskArns(of, "RUNNING", context), context);
  return running.filter(
    ({ group, tags }) => !group?.startsWith("service:") && fromTags(tags)[OWNER_TAG] === of.owner,
  );
}

const describe = (cluster: string, arns: readonly string[], { aws }: AwsContext): Promise<Task[]> =>
  inBatches(arns, BATCH, async (tasks) => {
    const answer = await aws.ecs.describeTasks({ cluster, tasks, include: ["TAGS"] });
    return answer.tasks ?? [];
  });
