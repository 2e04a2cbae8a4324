import type { Task } from "@aws-sdk/client-ecs";
import type { AwsContext } from "../aws/context.js";
import { poll } from "../engine/poll.js";
import { QuaysideError, RolloutError } from "../errors.js";
import { describeService } from "../service/describe-services.js";
import { stopReason } from "../service/rollout/dead-container.js";
import { diagnose } from "../service/rollout/diagnosis.js";
import {
  gatherEvidence,
  groupStopped,
  targetHealth,
  type RolloutSubject,
} from "../service/rollout/rollout-evidence.js";
import { releaseError } from "./colors.js";

/** A color's service, to be looked at. */
export interface ColorSubject {
  readonly clusterName: string;
  readonly serviceName: string;
  readonly targetGroupArn: string;
}

const MINUTE = 60_000;

export interface ColorHealth {
  readonly desired: number;
  readonly running: number;
  readonly healthy: number;
  readonly unhealthy: number;
  readonly taskDefinition: string;
}

/** What a color could serve with; `undefined` when its service is not there. */
export async function colorHealth(
  subject: ColorSubject,
  context: AwsContext,
): Promise<ColorHealth | undefined> {
  const [service, targets] = await Promise.all([
    describeService(subject.clusterName, subject.serviceName, context),
    targetHealth(evidenceOf(subject), context),
  ]);
  if (service?.status !== "ACTIVE") return undefined;
  return {
    desired: service.desiredCount ?? 0,
    running: service.runningCount ?? 0,
    healthy: targets.filter(({ state }) => state === "healthy").length,
    unhealthy: targets.filter(({ state }) => state === "unhealthy").length,
    taskDefinition: service.taskDefinition ?? "",
  };
}

/** Every task that the color shall have runs, and answers the load balancer's checks. */
export const isHealthy = ({ desired, running, healthy }: ColorHealth): boolean =>
  desired > 0 && running >= desired && healthy >= desired;

/**
 * Waits until the color could take all requests. A rollout that is complete says that of its own tasks only.
 *
 * @param asked - how many tasks it has just been given: ECS may still answer with fewer
 */
export async function waitUntilHealthy(subject: ColorSubject, context: AwsContext, asked = 1): Promise<void> {
  const what = `the tasks of service ${subject.serviceName} to be healthy`;
  let last: ColorHealth | undefined;
  await poll(
    {
      context,
      every: 6_000,
      timeout: 15 * MINUTE,
      what,
      why: () => last && `${last.running} of ${last.desired} tasks run, ${last.healthy} are healthy`,
      fix: "Look at the service's events with status(), then deploy again. No traffic has moved.",
    },
    async () => {
      last = await colorHealth(subject, context);
      if (last?.desired === 0) {
        throw releaseError(
          "color-not-ready",
          `Service ${subject.serviceName} cannot take requests: it has been stopped (0 tasks)`,
          { fix: "Deploy again: the color comes up with as many tasks as the live one has." },
        );
      }
      return last !== undefined && last.desired >= asked && isHealthy(last) ? true : undefined;
    },
  );
}

/**
 * Looks whether a color that has requests is well: no task has ended by itself since then, no target
 * fails its checks.
 *
 * @throws RolloutError with what AWS says of it
 */
export async function assertWell(subject: ColorSubject, since: number, context: AwsContext): Promise<void> {
  const [health, ended] = await Promise.all([
    colorHealth(subject, context),
    endedTasks(subject, since, context),
  ]);
  if (health === undefined) {
    throw new QuaysideError("service-gone", `Service ${subject.serviceName} cannot be watched: it is gone`, {
      fix: "Somebody deleted it meanwhile: deploy again.",
    });
  }
  if (ended.length === 0 && health.unhealthy === 0 && health.healthy > 0) return;
  const evidence = await gatherEvidence(evidenceOf(subject, health.taskDefinition), ended, [], context);
  const { code, why, fix } = diagnose(evidence);
  const seen =
    ended.length > 0
      ? `${ended.length} of its tasks ended: ${code === "unknown" ? stopReason(ended[0]!) : why}`
      : `${health.healthy} of ${health.desired} targets are healthy${code === "unknown" ? "" : `: ${why}`}`;
  throw new RolloutError(code, `Service ${subject.serviceName} is not well: ${seen}`, evidence, {
    facts: { ...subject, stopped: groupStopped(ended) },
    fix,
  });
}

/** Tasks that ended by themselves: not those that ECS stopped to scale or to replace. */
async function endedTasks(
  { clusterName: cluster, serviceName }: ColorSubject,
  since: number,
  { aws }: AwsContext,
): Promise<Task[]> {
  const listed = await aws.ecs.listTasks({ cluster, serviceName, desiredStatus: "STOPPED", maxResults: 100 });
  const tasks = listed.taskArns ?? [];
  if (tasks.length === 0) return [];
  const described = await aws.ecs.describeTasks({ cluster, tasks });
  return (described.tasks ?? []).filter(
    ({ stopCode, stoppingAt, stoppedAt }) =>
      (stopCode === "EssentialContainerExited" || stopCode === "TaskFailedToStart") &&
      ((stoppingAt ?? stoppedAt)?.getTime() ?? 0) >= since,
  );
}

const evidenceOf = (
  { clusterName, serviceName, targetGroupArn }: ColorSubject,
  taskDefinition = "",
): RolloutSubject => ({ clusterName, serviceName, taskDefinition, targetGroupArns: [targetGroupArn] });
