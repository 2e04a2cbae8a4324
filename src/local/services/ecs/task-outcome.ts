import { durations } from "../../kernel/durations.js";
import type { World } from "../../kernel/world.js";
import { nameOf } from "./arn.js";
import { checkBreaker } from "./circuit-breaker.js";
import { addEvent } from "./service-events.js";
import { serviceOf } from "./service-of.js";
import type { TaskRecord } from "./state.js";
import { mainContainer } from "./task-start.js";
import { setStatus, stopTask } from "./task-stop.js";
import { joinTargetGroups, targetsOf } from "./task-targets.js";
import { wake } from "./wake.js";

/** A task without any health check counts as healthy after it has run for so long. */
export const settlingTime = 40_000;

/** Its containers have started: it joins its target groups, and is RUNNING. */
export function taskRuns(world: World, task: TaskRecord): void {
  task.description.startedAt = new Date(world.clock.now());
  joinTargetGroups(world, task, () => judgeTargets(world, task));
  setStatus(task, "RUNNING");
  if (task.description.enableExecuteCommand === true) startExecAgent(world, task);
  for (const hear of world.hooks.changed) hear();
  const service = serviceOf(world, task);
  if (service === undefined) return;
  const { healthCheck } = mainContainer(task);
  if (task.targets.length === 0 && healthCheck === undefined) {
    world.clock.schedule(settlingTime, () => becameHealthy(world, task));
  }
  if (healthCheck !== undefined) watchContainer(world, task, healthCheck);
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
  if (mainContainer(task).healthCheck !== undefined) return task.description.healthStatus === "HEALTHY";
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

type ContainerHealthCheck = NonNullable<ReturnType<typeof mainContainer>["healthCheck"]>;

/** The runtime knows whether the container is well; its check says so after one interval, or after all retries. */
function watchContainer(world: World, task: TaskRecord, check: ContainerHealthCheck): void {
  const { interval = 30, retries = 3, startPeriod = 0 } = check;
  const isWell = task.running?.failingCheck === undefined;
  setHealth(task, "UNKNOWN");
  world.clock.schedule((isWell ? interval : startPeriod + interval * retries) * 1000, () => {
    if (task.description.desiredStatus === "STOPPED") return;
    setHealth(task, isWell ? "HEALTHY" : "UNHEALTHY");
    if (isWell) return becameHealthy(world, task);
    const reason = "Task failed container health checks";
    stopTask(world, task, { stopCode: "ServiceSchedulerInitiated", reason, drain: true });
    taskFailed(world, task);
  });
}

function setHealth({ description }: TaskRecord, health: "HEALTHY" | "UNHEALTHY" | "UNKNOWN"): void {
  description.healthStatus = health;
  for (const container of description.containers ?? []) container.healthStatus = health;
}

function becameHealthy(world: World, task: TaskRecord): void {
  const service = serviceOf(world, task);
  if (service === undefined || task.description.desiredStatus === "STOPPED") return;
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
