import { nameOf } from "../../../core/arn.js";
import type { TaskStopCode } from "@aws-sdk/client-ecs";
import type { Account } from "../../../core/account.js";
import { durations } from "../../../core/durations.js";
import { notifyChanged } from "../../../core/notify-changed.js";
import { untilEnded } from "../../../runtime/task-runtime.js";
import { detachNetworkInterface } from "../../ec2/network-interfaces.js";
import { proceedIfDrained } from "../clusters/managed-draining.js";
import { leaveRegistries } from "../registries/registry-instances.js";
import { leaveEndpoints } from "../connect/connect-endpoints.js";
import { reconcileServices } from "../services/schedule-reconcile.js";
import type { TaskRecord } from "../state.js";
import { leaveTargetGroups } from "./task-targets.js";

export interface Stop {
  readonly stopCode: TaskStopCode;
  readonly reason: string;
  /** True if its load balancers drain it first. */
  readonly drain: boolean;
  /** Why a container ended or did not start. */
  readonly containerReason?: string;
  /** The container that `containerReason` applies to. @defaultValue all of them */
  readonly container?: string | undefined;
}

/**
 * Stops a task: DEACTIVATING (the load balancers drain it), STOPPING (SIGTERM), DEPROVISIONING, STOPPED. Does
 * nothing if it is already stopping.
 */
export function stopTask(account: Account, task: TaskRecord, stop: Stop): void {
  const { description } = task;
  if (description.desiredStatus === "STOPPED") return;
  description.desiredStatus = "STOPPED";
  description.stopCode = stop.stopCode;
  description.stoppedReason = stop.reason;
  description.stoppingAt = new Date(account.clock.now());
  leaveEndpoints(account, task);
  leaveRegistries(account, task);
  const delay = leaveTargetGroups(account, task);
  if (!stop.drain || description.lastStatus !== "RUNNING" || delay === 0)
    return endContainers(account, task, stop);
  setStatus(task, "DEACTIVATING");
  account.clock.schedule(delay, () => endContainers(account, task, stop));
}

function endContainers(account: Account, task: TaskRecord, stop: Stop): void {
  if (task.description.executionStoppedAt !== undefined) return;
  setStatus(task, "STOPPING");
  const { description, running } = task;
  for (const container of description.containers ?? []) {
    const isAffected = stop.container === undefined || container.name === stop.container;
    if (stop.containerReason !== undefined && isAffected) container.reason = stop.containerReason;
  }
  const ended = () => {
    description.executionStoppedAt = new Date(account.clock.now());
    setStatus(task, "DEPROVISIONING");
    account.clock.schedule(durations.taskDeprovisioning, () => finish(account, task));
  };
  if (running.size === 0) return ended();
  const definitions = task.taskDefinition.description.containerDefinitions ?? [];
  const last = [...running].map(([name, each]) => {
    const { stopTimeout = 30 } = definitions.find((one) => one.name === name) ?? {};
    // A terminating host ends its containers without a grace period.
    each.stop(stop.stopCode === "TerminationNotice" ? 0 : stopTimeout);
    return untilEnded(each);
  });
  void Promise.all(last).then(ended);
}

function finish(account: Account, task: TaskRecord): void {
  account.volumes.release(nameOf(task.description.taskArn ?? ""));
  if (task.networkInterfaceId !== undefined) detachNetworkInterface(account, task.networkInterfaceId);
  for (const attachment of task.description.attachments ?? []) attachment.status = "DELETED";
  task.description.stoppedAt = new Date(account.clock.now());
  setStatus(task, "STOPPED");
  notifyChanged(account);
  const cluster = account.ecs.clusters.get(task.clusterName);
  if (cluster !== undefined) {
    proceedIfDrained(cluster, task.description.containerInstanceArn);
    const instance = cluster.containerInstances.get(task.description.containerInstanceArn ?? "");
    if (instance !== undefined)
      for (const listener of account.events.taskReleased) listener(cluster, instance);
    reconcileServices(account, cluster);
  }
}

export function setStatus({ description }: TaskRecord, status: string): void {
  description.lastStatus = status;
  description.version = (description.version ?? 0) + 1;
  if (status !== "STOPPED" && status !== "DEPROVISIONING") return;
  for (const container of description.containers ?? []) container.lastStatus = "STOPPED";
}
