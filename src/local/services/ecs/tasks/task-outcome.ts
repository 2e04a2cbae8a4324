import type { ContainerDefinition } from "@aws-sdk/client-ecs";
import type { World } from "../../../core/account.js";
import { durations } from "../../../core/durations.js";
import { nameOf } from "../arn.js";
import { checkBreaker } from "../services/circuit-breaker.js";
import { wake } from "../services/schedule-reconcile.js";
import { addEvent } from "../services/service-events.js";
import { serviceOf } from "../services/service-of.js";
import type { TaskRecord } from "../state.js";
import { healthOf } from "./container-health.js";
import { setStatus, stopTask } from "./task-stop.js";
import { joinTargetGroups, targetsOf } from "./task-targets.js";

/** A task without any health check counts as healthy after it has run for so long. */
const settlingTime = 40_000;

/** Its containers have started: it joins its target groups, and is RUNNING. */
export function taskRuns(world: World, task: TaskRecord): void {
  task.description.startedAt = new Date(world.clock.now());
  joinTargetGroups(world, task, () => judgeTargets(world, task));
  setStatus(task, "RUNNING");
  if (task.description.enableExecuteCommand === true) startExecAgent(world, task);
  for (const hear of world.hooks.changed) hear();
  const service = serviceOf(world, task);
  if (service === undefined) return;
  const health = healthOf(task);
  if (task.targets.length === 0 && health === undefined) {
    world.clock.schedule(settlingTime, () => becameHealthy(world, task));
  }
  // Its containers may have been well before the last of them had started.
  if (health === "HEALTHY") becameHealthy(world, task);
  wake(world, service);
}

/** The agent connects in the name of the task role, if that may. */
function startExecAgent(world: World, task: TaskRecord): void {
  const { taskRoleArn } = task.taskDefinition.description;
  if (taskRoleArn === undefined || !mayConnect(world, taskRoleArn)) return;
  world.clock.schedule(durations.executeCommandAgent, () => {
    for (const container of task.description.containers ?? []) {
      container.managedAgents = [{ name: "ExecuteCommandAgent", lastStatus: "RUNNING" }];
    }
  });
}

/** A role that this cloud does not know is the user's own, and may. */
function mayConnect(world: World, roleArn: string): boolean {
  const role = world.iam.roles.get(nameOf(roleArn).toLowerCase());
  if (role === undefined) return true;
  const policies = [...role.attached, ...role.inline.values()];
  return policies.some((policy) => /ssmmessages:|\/AmazonSSMManagedInstanceCore$/.test(policy));
}

export function isHealthy(world: World, task: TaskRecord): boolean {
  if (task.description.lastStatus !== "RUNNING" || task.description.desiredStatus !== "RUNNING") return false;
  const expected =
    task.rollout?.loadBalancers.filter(({ targetGroupArn }) => targetGroupArn !== undefined).length ?? 0;
  const targets = targetsOf(world, task);
  if (targets.length < expected || targets.some((target) => target?.state !== "healthy")) return false;
  const health = healthOf(task);
  if (health !== undefined) return health === "HEALTHY";
  return expected > 0 || task.wasHealthy;
}

function judgeTargets(world: World, task: TaskRecord): void {
  const service = serviceOf(world, task);
  const { startedAt, desiredStatus } = task.description;
  if (service === undefined || startedAt === undefined || desiredStatus === "STOPPED") return;
  if (isHealthy(world, task)) return becameHealthy(world, task);
  const sick = targetsOf(world, task).find((target) => target?.state === "unhealthy");
  if (sick === undefined) return;
  const grace = (service.description.healthCheckGracePeriodSeconds ?? 0) * 1000;
  const left = startedAt.getTime() + grace - world.clock.now();
  if (left > 0) {
    world.clock.schedule(left, () => judgeTargets(world, task));
    return;
  }
  const arn = task.targets.find(({ id, port }) => id === sick.id && port === sick.port)?.groupArn;
  const where = sick.id.startsWith("i-")
    ? `(instance ${sick.id})`
    : `(task ${nameOf(task.description.taskArn ?? "")})`;
  addEvent(
    world,
    service,
    `${where} (port ${sick.port}) is unhealthy in (target-group ${arn}) due to (reason ${sick.description})`,
  );
  stopTask(world, task, {
    stopCode: "ServiceSchedulerInitiated",
    reason: `Task failed ELB health checks in (target-group ${arn})`,
    drain: true,
  });
  taskFailed(world, task);
}

/**
 * The runtime knows whether a container is well; its check says so after one interval, or after all
 * retries.
 *
 * @param changed - told when it has been found healthy
 */
export function watchContainer(
  world: World,
  task: TaskRecord,
  { name = "", healthCheck }: ContainerDefinition,
  changed: () => void,
): void {
  if (healthCheck === undefined) return;
  const { interval = 30, retries = 3, startPeriod = 0 } = healthCheck;
  const isWell = task.running.get(name)?.failingCheck === undefined;
  world.clock.schedule((isWell ? interval : startPeriod + interval * retries) * 1000, () => {
    const container = task.description.containers?.find((each) => each.name === name);
    if (task.description.desiredStatus === "STOPPED" || container?.lastStatus !== "RUNNING") return;
    container.healthStatus = isWell ? "HEALTHY" : "UNHEALTHY";
    task.description.healthStatus = healthOf(task) ?? "UNKNOWN";
    if (isWell) {
      if (task.description.healthStatus === "HEALTHY") becameHealthy(world, task);
      return changed();
    }
    // The scheduler replaces tasks of services only, and for essential containers only.
    if (task.description.healthStatus !== "UNHEALTHY" || serviceOf(world, task) === undefined) return;
    const reason = "Task failed container health checks";
    stopTask(world, task, { stopCode: "ServiceSchedulerInitiated", reason, drain: true });
    taskFailed(world, task);
  });
}

function becameHealthy(world: World, task: TaskRecord): void {
  const service = serviceOf(world, task);
  const { desiredStatus, lastStatus } = task.description;
  if (service === undefined || desiredStatus === "STOPPED" || lastStatus !== "RUNNING") return;
  task.wasHealthy = true;
  if (!isHealthy(world, task)) return;
  if (task.rollout !== undefined) task.rollout.failuresInARow = 0;
  wake(world, service);
}

/** It has ended, and nobody wanted it to: the scheduler replaces it, later each time, and the breaker counts. */
export function taskFailed(world: World, task: TaskRecord): void {
  const service = serviceOf(world, task);
  const { rollout } = task;
  if (service === undefined || rollout === undefined) return;
  if (!task.wasHealthy) {
    rollout.failures++;
    rollout.failuresInARow++;
    rollout.deployment.failedTasks = rollout.failuresInARow;
    const beyond = rollout.failuresInARow - 3;
    if (beyond >= 0) {
      rollout.retryAt =
        world.clock.now() + Math.min(durations.taskRetryMax, durations.taskRetry * 2 ** beyond);
      addEvent(world, service, "is unable to consistently start tasks successfully.", "once");
    }
    checkBreaker(world, service, rollout);
  }
  wake(world, service);
}
