import type { ContainerDefinition } from "@aws-sdk/client-ecs";
import type { Account } from "../../../core/account.js";
import { nameOf } from "../../../core/arn.js";
import { durations } from "../../../core/durations.js";
import { notifyChanged } from "../../../core/notify-changed.js";
import { checkBreaker } from "../services/circuit-breaker.js";
import { scheduleReconcile } from "../services/schedule-reconcile.js";
import { joinRegistries } from "../registries/registry-instances.js";
import { joinEndpoints } from "../connect/connect-endpoints.js";
import { addEvent } from "../services/service-events.js";
import { serviceOf } from "../services/service-of.js";
import type { Rollout, Service, TaskRecord } from "../state.js";
import { healthOf } from "./container-health.js";
import { runHealthChecks, withDefaults } from "./health-checks.js";
import { setStatus, stopTask } from "./task-stop.js";
import { joinTargetGroups, targetsOf } from "./task-targets.js";

/** A task without a health check counts as healthy after it has run for this long. */
const settlingTime = 40_000;

/** A task whose containers have started joins its target groups, and is RUNNING. */
export function taskStarted(account: Account, task: TaskRecord): void {
  task.description.startedAt = new Date(account.clock.now());
  joinTargetGroups(account, task, () => checkTargets(account, task));
  setStatus(task, "RUNNING");
  if ((healthOf(task) ?? "HEALTHY") === "HEALTHY") joinEndpoints(account, task);
  joinRegistries(account, task);
  if (task.description.enableExecuteCommand === true) startExecAgent(account, task);
  notifyChanged(account);
  const service = serviceOf(account, task);
  if (service === undefined) return;
  const health = healthOf(task);
  if (task.targets.length === 0 && health === undefined) {
    account.clock.schedule(settlingTime, () => becameHealthy(account, task));
  }
  // Its containers may have become healthy before the last of them started.
  if (health === "HEALTHY") becameHealthy(account, task);
  scheduleReconcile(account, service);
}

/** The agent connects with the task role, if the role allows it. */
function startExecAgent(account: Account, task: TaskRecord): void {
  const { taskRoleArn } = task.taskDefinition.description;
  if (taskRoleArn === undefined || !mayConnect(account, taskRoleArn)) return;
  account.clock.schedule(durations.executeCommandAgent, () => {
    for (const container of task.description.containers ?? []) {
      container.managedAgents = [{ name: "ExecuteCommandAgent", lastStatus: "RUNNING" }];
    }
  });
}

/** A role that was not created in this cloud is assumed to allow it. */
function mayConnect(account: Account, roleArn: string): boolean {
  const role = account.iam.roles.get(nameOf(roleArn).toLowerCase());
  if (role === undefined) return true;
  const policies = [...role.attached, ...role.inline.values()];
  return policies.some((policy) => /ssmmessages:|\/AmazonSSMManagedInstanceCore$/.test(policy));
}

export function isHealthy(account: Account, task: TaskRecord): boolean {
  if (task.description.lastStatus !== "RUNNING" || task.description.desiredStatus !== "RUNNING") return false;
  const expected =
    task.rollout?.loadBalancers.filter(({ targetGroupArn }) => targetGroupArn !== undefined).length ?? 0;
  const targets = targetsOf(account, task);
  if (targets.length < expected || targets.some((target) => target?.state !== "healthy")) return false;
  const health = healthOf(task);
  if (health !== undefined) return health === "HEALTHY";
  return expected > 0 || task.wasHealthy;
}

function checkTargets(account: Account, task: TaskRecord): void {
  const service = serviceOf(account, task);
  const { startedAt, desiredStatus } = task.description;
  if (service === undefined || startedAt === undefined || desiredStatus === "STOPPED") return;
  if (isHealthy(account, task)) return becameHealthy(account, task);
  const unhealthy = targetsOf(account, task).find((target) => target?.state === "unhealthy");
  if (unhealthy === undefined) return;
  const grace = (service.description.healthCheckGracePeriodSeconds ?? 0) * 1000;
  const left = startedAt.getTime() + grace - account.clock.now();
  if (left > 0) {
    account.clock.schedule(left, () => checkTargets(account, task));
    return;
  }
  const arn = task.targets.find(({ id, port }) => id === unhealthy.id && port === unhealthy.port)?.groupArn;
  const where = unhealthy.id.startsWith("i-")
    ? `(instance ${unhealthy.id})`
    : `(task ${nameOf(task.description.taskArn ?? "")})`;
  addEvent(
    account,
    service,
    `${where} (port ${unhealthy.port}) is unhealthy in (target-group ${arn}) due to (reason ${unhealthy.description})`,
  );
  stopTask(account, task, {
    stopCode: "ServiceSchedulerInitiated",
    reason: `Task failed ELB health checks in (target-group ${arn})`,
    drain: true,
  });
  taskFailed(account, task);
}

/**
 * Follows the health of a container. A container engine runs the check's command; otherwise the runtime knows
 * whether the container is healthy, and its check reports it after one interval, or after all retries.
 *
 * @param changed - called when it has become healthy
 */
export function watchContainer(
  account: Account,
  task: TaskRecord,
  { name = "", healthCheck }: ContainerDefinition,
  changed: () => void,
): void {
  if (healthCheck === undefined) return;
  const running = task.running.get(name);
  const report = (isHealthy: boolean): void => reportHealth(account, task, name, { isHealthy, changed });
  if (running?.check !== undefined) return runHealthChecks(account.clock, running, healthCheck, report);
  const { interval, retries, startPeriod } = withDefaults(healthCheck);
  const passes = running?.failingCheck === undefined;
  const after = passes ? interval : startPeriod + interval * retries;
  account.clock.schedule(after * 1000, () => report(passes));
}

function reportHealth(
  account: Account,
  task: TaskRecord,
  name: string,
  { isHealthy, changed }: { readonly isHealthy: boolean; readonly changed: () => void },
): void {
  const container = task.description.containers?.find((each) => each.name === name);
  if (task.description.desiredStatus === "STOPPED" || container?.lastStatus !== "RUNNING") return;
  container.healthStatus = isHealthy ? "HEALTHY" : "UNHEALTHY";
  task.description.healthStatus = healthOf(task) ?? "UNKNOWN";
  if (isHealthy) {
    if (task.description.healthStatus === "HEALTHY") becameHealthy(account, task);
    return changed();
  }
  // The scheduler replaces only tasks of services, and only for essential containers.
  if (task.description.healthStatus !== "UNHEALTHY" || serviceOf(account, task) === undefined) return;
  const reason = "Task failed container health checks";
  stopTask(account, task, { stopCode: "ServiceSchedulerInitiated", reason, drain: true });
  taskFailed(account, task);
}

function becameHealthy(account: Account, task: TaskRecord): void {
  const service = serviceOf(account, task);
  const { desiredStatus, lastStatus } = task.description;
  if (service === undefined || desiredStatus === "STOPPED" || lastStatus !== "RUNNING") return;
  task.wasHealthy = true;
  joinEndpoints(account, task);
  joinRegistries(account, task);
  if (!isHealthy(account, task)) return;
  if (task.rollout !== undefined) {
    task.rollout.failuresInARow = 0;
    task.rollout.deployment.failedTasks = 0;
  }
  scheduleReconcile(account, service);
}

/**
 * A task has ended unexpectedly: the scheduler replaces it, with a growing delay, and the circuit breaker
 * counts it.
 */
export function taskFailed(account: Account, task: TaskRecord): void {
  const service = serviceOf(account, task);
  const { rollout } = task;
  if (service === undefined || rollout === undefined) return;
  if (!task.wasHealthy) countFailure(account, service, rollout);
  scheduleReconcile(account, service);
}

/** Counts a task of a rollout that failed, or that could not be launched at all. */
export function countFailure(account: Account, service: Service, rollout: Rollout): void {
  rollout.failures++;
  rollout.failuresInARow++;
  rollout.deployment.failedTasks = rollout.failuresInARow;
  const excess = rollout.failuresInARow - 3;
  if (excess >= 0) {
    rollout.retryAt =
      account.clock.now() + Math.min(durations.taskRetryMax, durations.taskRetry * 2 ** excess);
    addEvent(account, service, "is unable to consistently start tasks successfully.", "once");
  }
  checkBreaker(account, service, rollout);
}
