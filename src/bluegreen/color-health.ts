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
import { releaseError, type Color } from "./colors.js";

/** The service of a color. */
export interface ColorSubject {
  /** `rolling`: the service from before the deployment became blue/green. */
  readonly color: Color | "rolling";
  readonly clusterName: string;
  readonly serviceName: string;
  /** That of the main container's route. */
  readonly targetGroupArn: string;
  /** Those of all routes, the main one first. */
  readonly targetGroupArns: readonly string[];
}

const MINUTE = 60_000;

export interface ColorHealth {
  readonly desired: number;
  readonly running: number;
  /** The targets that are healthy in each of the target groups. */
  readonly healthy: number;
  readonly unhealthy: number;
  readonly taskDefinition: string;
}

/** The health of a color; `undefined` if its service does not exist. */
export async function colorHealth(
  subject: ColorSubject,
  context: AwsContext,
): Promise<ColorHealth | undefined> {
  const [service, groups] = await Promise.all([
    describeService(subject.clusterName, subject.serviceName, context),
    Promise.all(
      subject.targetGroupArns.map((arn) =>
        targetHealth({ ...evidenceOf(subject), targetGroupArns: [arn] }, context),
      ),
    ),
  ]);
  const count = (state: string): number[] =>
    groups.map((targets) => targets.filter((target) => target.state === state).length);
  if (service?.status !== "ACTIVE") return undefined;
  return {
    desired: service.desiredCount ?? 0,
    running: service.runningCount ?? 0,
    healthy: Math.min(...count("healthy")),
    unhealthy: Math.max(...count("unhealthy")),
    taskDefinition: service.taskDefinition ?? "",
  };
}

/** True if all desired tasks are running, and pass the load balancer's health checks. */
export const isHealthy = ({ desired, running, healthy }: ColorHealth): boolean =>
  desired > 0 && running >= desired && healthy >= desired;

/**
 * Waits until the color can receive all traffic. A complete rollout is not enough: it is only about its own tasks.
 *
 * @param requested - the desired count that has just been set: ECS may still report the former one
 */
export async function waitUntilHealthy(
  subject: ColorSubject,
  context: AwsContext,
  requested = 1,
): Promise<void> {
  const what = `the tasks of service ${subject.serviceName} to be healthy`;
  let last: ColorHealth | undefined;
  await poll(
    {
      context,
      every: 6_000,
      timeout: 15 * MINUTE,
      what,
      why: () => last && `${last.running} of ${last.desired} tasks are running, ${last.healthy} are healthy`,
      fix: "Check the service's events with status(), then deploy again. No traffic was shifted.",
    },
    async () => {
      last = await colorHealth(subject, context);
      if (last?.desired === 0) {
        throw releaseError(
          "color-not-ready",
          `Service ${subject.serviceName} cannot receive traffic: it is stopped (0 tasks)`,
          { fix: "Deploy again: the color starts with as many tasks as the live one has." },
        );
      }
      return last !== undefined && last.desired >= requested && isHealthy(last) ? true : undefined;
    },
  );
}

/**
 * Checks the health of a color that gets traffic: since `since`, no task has stopped by itself, and no target
 * fails its health checks.
 *
 * @throws RolloutError with the evidence from AWS
 */
export async function assertHealthy(
  subject: ColorSubject,
  since: number,
  context: AwsContext,
): Promise<void> {
  const [health, stopped] = await Promise.all([
    colorHealth(subject, context),
    stoppedTasks(subject, since, context),
  ]);
  if (health === undefined) {
    throw new QuaysideError(
      "service-gone",
      `Service ${subject.serviceName} no longer exists: its rollout cannot be watched`,
      {
        fix: "It was deleted during the deployment. Deploy again.",
      },
    );
  }
  if (stopped.length === 0 && health.unhealthy === 0 && health.healthy > 0) return;
  const evidence = await gatherEvidence(evidenceOf(subject, health.taskDefinition), stopped, [], context);
  const { code, why, fix } = diagnose(evidence);
  const seen =
    stopped.length > 0
      ? `${stopped.length} of its tasks stopped: ${code === "unknown" ? stopReason(stopped[0]!) : why}`
      : `${health.healthy} of ${health.desired} targets are healthy${code === "unknown" ? "" : `: ${why}`}`;
  throw new RolloutError(code, `Service ${subject.serviceName} is unhealthy: ${seen}`, evidence, {
    facts: {
      clusterName: subject.clusterName,
      serviceName: subject.serviceName,
      targetGroupArn: subject.targetGroupArn,
      stopped: groupStopped(stopped),
    },
    fix,
  });
}

/** The tasks that stopped by themselves: not those that ECS stopped to scale in or to replace them. */
async function stoppedTasks(
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
  { clusterName, serviceName, targetGroupArns }: ColorSubject,
  taskDefinition = "",
): RolloutSubject => ({ clusterName, serviceName, taskDefinition, targetGroupArns });
