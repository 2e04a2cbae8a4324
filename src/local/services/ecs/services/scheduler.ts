import type { Account } from "../../../core/account.js";
import { nameOf } from "../../../core/arn.js";
import { durations } from "../../../core/durations.js";
import { notifyChanged } from "../../../core/notify-changed.js";
import { unassumableRole } from "../../iam/passed-roles.js";
import type { Cluster, Rollout, Service, TaskRecord } from "../state.js";
import { launchTask } from "../tasks/launch.js";
import { countFailure, isHealthy } from "../tasks/task-outcome.js";
import { releaseEndpoints } from "../connect/connect-endpoints.js";
import { isProtected } from "../tasks/task-protection.js";
import { stopTask } from "../tasks/task-stop.js";
import { targetsOf } from "../tasks/task-targets.js";
import { completeRollout, end, failRollout, isFinished } from "./rollouts.js";
import { scheduleReconcile } from "./schedule-reconcile.js";
import { addEvent } from "./service-events.js";
import { isHeld, networkingProblem } from "./load-balancer-traffic.js";
import { beginShift, isShifting } from "./traffic-shift.js";

/** The service scheduler: reconciles a service once, and takes the next actions. */
export function reconcile(account: Account, service: Service): void {
  const cluster = account.ecs.clusters.get(service.clusterName);
  if (cluster?.services.get(service.description.serviceName ?? "") !== service) return;
  const { description } = service;
  if (description.status === "INACTIVE") return;
  const tasks = tasksOf(cluster, service);
  forgetOldRollouts(account, service, tasks);
  if (description.status === "DRAINING") return drain(account, service, tasks);
  const [primary] = service.rollouts;
  if (primary === undefined) return;
  const current = service.serviceDeployments.at(-1);
  if (current?.status === "PENDING") {
    current.status = "IN_PROGRESS";
    current.startedAt = new Date(account.clock.now());
    const problem = primary.shift === undefined ? undefined : networkingProblem(account, primary);
    if (problem !== undefined) {
      const reason = `Service deployment rolled back because of invalid networking configuration${problem}`;
      return failRollout(account, service, primary, { rolloutReason: reason, reason, rollback: true });
    }
  }
  const active = tasks.filter((task) => task.description.desiredStatus === "RUNNING");
  const desired = description.desiredCount ?? 0;
  // A failed deployment without a rollback stalls; running tasks are left alone.
  if (primary.deployment.rolloutState === "FAILED" && desired > 0) return;

  const stopped = stopSurplus(account, service, primary, active);
  const remaining = active.filter((task) => !stopped.includes(task));
  const started = startMissing(account, cluster, service, primary, remaining);
  if (stopped.length > 0)
    reportTasks(account, service, `has stopped ${stopped.length} running tasks:`, stopped);
  if (started.length > 0) reportTasks(account, service, `has started ${started.length} tasks:`, started);
  if (stopped.length > 0 || started.length > 0) return;
  reportSteadyState(account, service, primary, tasks);
}

/** The tasks of a service that are not STOPPED yet. */
export const tasksOf = (cluster: Cluster, service: Service): TaskRecord[] =>
  [...cluster.tasks.values()].filter(
    ({ rollout, description }) =>
      description.lastStatus !== "STOPPED" &&
      rollout !== undefined &&
      service.serviceDeployments.includes(rollout.serviceDeployment),
  );

/** The minimum and maximum percent of the desired count, rounded as ECS does. */
function boundsOf({ description }: Service): { readonly lower: number; readonly upper: number } {
  const { minimumHealthyPercent = 100, maximumPercent = 200 } = description.deploymentConfiguration ?? {};
  const desired = description.desiredCount ?? 0;
  return {
    lower: Math.ceil((desired * minimumHealthyPercent) / 100),
    upper: Math.floor((desired * maximumPercent) / 100),
  };
}

function forgetOldRollouts(account: Account, service: Service, tasks: readonly TaskRecord[]): void {
  const kept = service.rollouts.filter(
    (rollout, index) => index === 0 || tasks.some((task) => task.rollout === rollout),
  );
  for (const rollout of service.rollouts) if (!kept.includes(rollout)) account.traffic.disconnect?.(rollout);
  service.rollouts.splice(0, service.rollouts.length, ...kept);
  service.description.deployments = kept.map(({ deployment }) => deployment);
  releaseEndpoints(account, service);
}

function drain(account: Account, service: Service, tasks: readonly TaskRecord[]): void {
  for (const task of tasks) stopTask(account, task, scalingStop(service.rollouts[0]));
  if (tasks.some(({ description }) => description.lastStatus !== "STOPPED")) return;
  service.description.status = "INACTIVE";
  service.description.deployments = [];
  for (const rollout of service.rollouts) account.traffic.disconnect?.(rollout);
  service.rollouts.length = 0;
  releaseEndpoints(account, service);
  const current = service.serviceDeployments.at(-1);
  if (current !== undefined && !isFinished(current)) end(account, current, "STOPPED", "Service was deleted.");
}

function stopSurplus(
  account: Account,
  service: Service,
  primary: Rollout,
  active: readonly TaskRecord[],
): TaskRecord[] {
  const desired = service.description.desiredCount ?? 0;
  const isOld = (task: TaskRecord): boolean => task.rollout !== primary || isDraining(account, task);
  const own = active.filter((task) => !isOld(task));
  const old = active.filter(isOld);
  const { lower } = boundsOf(service);
  let healthy = active.filter((task) => isHealthy(account, task)).length;
  const stopped: TaskRecord[] = [];
  const stop = (task: TaskRecord) => {
    if (isHealthy(account, task)) healthy--;
    stopTask(account, task, scalingStop(primary));
    stopped.push(task);
  };
  const unhealthyThenNewest = (one: TaskRecord, other: TaskRecord) =>
    Number(isHealthy(account, one)) - Number(isHealthy(account, other)) ||
    (other.description.createdAt?.getTime() ?? 0) - (one.description.createdAt?.getTime() ?? 0);
  const stoppable = own.filter((task) => !isProtected(account, task)).sort(unhealthyThenNewest);
  for (const task of stoppable.slice(0, Math.max(0, own.length - desired))) stop(task);
  for (const task of [...old].sort(unhealthyThenNewest)) {
    // Until the new revision has all of the traffic, and has baked.
    const mayServe = service.lastCompleted === undefined || task.rollout === service.lastCompleted;
    if (isShifting(primary) && mayServe && !isNotServing(account, task)) continue;
    if (isHeld(account, task.rollout)) continue;
    if (isProtected(account, task)) continue;
    if (isHealthy(account, task) ? healthy > lower : healthy >= lower || isNotServing(account, task))
      stop(task);
  }
  return stopped;
}

/**
 * True if its instance is draining: the task is replaced elsewhere, within the same bounds as a task of an old
 * version.
 */
const isDraining = (account: Account, { clusterName, description }: TaskRecord): boolean =>
  account.ecs.clusters.get(clusterName)?.containerInstances.get(description.containerInstanceArn ?? "")
    ?.status === "DRAINING";

/** True if the task does not serve, and is not about to. */
const isNotServing = (account: Account, task: TaskRecord): boolean =>
  task.description.lastStatus !== "RUNNING" ||
  task.rollout?.deployment.rolloutState === "FAILED" ||
  targetsOf(account, task).some((target) => target?.state === "unhealthy");

const scalingStop = (primary: Rollout | undefined) => ({
  stopCode: "ServiceSchedulerInitiated" as const,
  reason: `Scaling activity initiated by (deployment ${primary?.deployment.id})`,
  drain: true,
});

function startMissing(
  account: Account,
  cluster: Cluster,
  service: Service,
  primary: Rollout,
  active: readonly TaskRecord[],
): TaskRecord[] {
  const { serviceDeployment } = primary;
  // RECONCILE_SERVICE: the target group has the tasks of a revision that was taken back.
  if (isShifting(primary) && active.some(({ rollout }) => isHeld(account, rollout))) {
    serviceDeployment.lifecycleStage = "RECONCILE_SERVICE";
    return [];
  }
  if (serviceDeployment.lifecycleStage === "RECONCILE_SERVICE") serviceDeployment.lifecycleStage = "SCALE_UP";
  const own = active.filter((task) => task.rollout === primary && !isDraining(account, task)).length;
  const missing = (service.description.desiredCount ?? 0) - own;
  const { lower, upper } = boundsOf(service);
  // A new revision starts at its full size beside the old one.
  const startable = isShifting(primary) ? missing : Math.min(missing, upper - active.length);
  if (
    missing > 0 &&
    startable <= 0 &&
    active.length <= lower &&
    active.every((task) => isHealthy(account, task))
  ) {
    addEvent(account, service, stuckMessage, "once");
  }
  const wait = primary.retryAt - account.clock.now();
  if (startable > 0 && wait > 0) {
    scheduleReconcile(account, service, wait);
    return [];
  }
  const refused = unassumableRole(account, primary.taskDefinition.description);
  if (startable > 0 && refused !== undefined) {
    launchRefused(account, service, primary, refused);
    return [];
  }
  const started: TaskRecord[] = [];
  while (started.length < startable) {
    const task = launchTask(account, cluster, service, primary);
    if (typeof task === "string") {
      // Nothing is scheduled: an instance that registers, or a task that ends, triggers the next
      // reconciliation.
      addEvent(account, service, task, "once");
      if (/Reason: (Capacity|You've reached)/.test(task))
        scheduleReconcile(account, service, durations.taskLaunchRetry);
      notifyChanged(account);
      break;
    }
    started.push(task);
  }
  if (started.length > 0) service.isSteady = false;
  return started;
}

/** ECS could not launch a task at all: there is only an event, and the scheduler launches it again later. */
function launchRefused(account: Account, service: Service, rollout: Rollout, why: string): void {
  addEvent(account, service, `failed to launch a task with (error ${why}).`);
  countFailure(account, service, rollout);
  rollout.retryAt = Math.max(rollout.retryAt, account.clock.now() + durations.taskLaunchRetry);
  scheduleReconcile(account, service, rollout.retryAt - account.clock.now());
}

const stuckMessage =
  "was unable to stop or start tasks during a deployment because of the service deployment configuration. Update the minimumHealthyPercent or maximumPercent value and try again.";

function reportSteadyState(
  account: Account,
  service: Service,
  primary: Rollout,
  tasks: readonly TaskRecord[],
): void {
  const own = tasks.filter(
    (task) => task.rollout === primary && task.description.desiredStatus === "RUNNING",
  );
  const isComplete =
    own.length === (service.description.desiredCount ?? 0) && own.every((task) => isHealthy(account, task));
  if (isComplete)
    beginShift(account, service, primary, (why) =>
      failRollout(account, service, primary, { rolloutReason: why, reason: why, rollback: true }),
    );
  if (!isComplete || tasks.some((task) => task.rollout !== primary)) {
    service.isSteady = false;
    return;
  }
  // Also a first deployment gets its traffic, and bakes.
  if (isShifting(primary)) return;
  completeRollout(account, service, primary);
  if (!service.isSteady) addEvent(account, service, "has reached a steady state.");
  service.isSteady = true;
}

const reportTasks = (account: Account, service: Service, what: string, tasks: readonly TaskRecord[]): void =>
  addEvent(
    account,
    service,
    `${what} ${tasks.map(({ description }) => `(task ${nameOf(description.taskArn ?? "")})`).join(" ")}.`,
  );
