import type { TaskStopCode } from "@aws-sdk/client-ecs";
import { durations } from "../../kernel/durations.js";
import type { World } from "../../kernel/world.js";
import { detachNetworkInterface } from "../ec2/network-interfaces.js";
import { proceedIfDrained } from "./managed-draining.js";
import { leaveTargetGroups } from "./task-targets.js";
import type { TaskRecord } from "./state.js";
import { wakeServices } from "./wake.js";

export interface Stop {
  readonly stopCode: TaskStopCode;
  readonly reason: string;
  /** Whether its load balancers finish with it first. */
  readonly drain: boolean;
  /** That of its main container, if that has ended already. */
  readonly exitCode?: number;
  /** Why the container itself ended or did not start. */
  readonly containerReason?: string;
}

/** DEACTIVATING (the load balancers drain it), STOPPING (SIGTERM), DEPROVISIONING, STOPPED. Once is enough. */
export function stopTask(world: World, task: TaskRecord, stop: Stop): void {
  const { description } = task;
  if (description.desiredStatus === "STOPPED") return;
  description.desiredStatus = "STOPPED";
  description.stopCode = stop.stopCode;
  description.stoppedReason = stop.reason;
  description.stoppingAt = new Date(world.clock.now());
  const delay = leaveTargetGroups(world, task);
  if (!stop.drain || description.lastStatus !== "RUNNING" || delay === 0)
    return endContainers(world, task, stop);
  setStatus(task, "DEACTIVATING");
  world.clock.schedule(delay, () => endContainers(world, task, stop));
}

function endContainers(world: World, task: TaskRecord, stop: Stop): void {
  if (task.description.executionStoppedAt !== undefined) return;
  setStatus(task, "STOPPING");
  const ended = (exitCode: number | undefined) => {
    task.description.executionStoppedAt = new Date(world.clock.now());
    for (const container of task.description.containers ?? []) {
      if (exitCode !== undefined) container.exitCode = exitCode;
      if (stop.containerReason !== undefined) container.reason = stop.containerReason;
    }
    setStatus(task, "DEPROVISIONING");
    world.clock.schedule(durations.taskDeprovisioning, () => finish(world, task));
  };
  if (task.running === undefined || stop.exitCode !== undefined) return ended(stop.exitCode);
  const timeouts = (task.taskDefinition.description.containerDefinitions ?? []).map(
    ({ stopTimeout = 30 }) => stopTimeout,
  );
  const { running } = task;
  void running.exited.then(({ exitCode }) => ended(exitCode));
  // A host that goes takes its containers with it.
  running.stop(stop.stopCode === "TerminationNotice" ? 0 : Math.max(...timeouts));
}

function finish(world: World, task: TaskRecord): void {
  if (task.networkInterfaceId !== undefined) detachNetworkInterface(world, task.networkInterfaceId);
  for (const attachment of task.description.attachments ?? []) attachment.status = "DELETED";
  task.description.stoppedAt = new Date(world.clock.now());
  setStatus(task, "STOPPED");
  for (const hear of world.hooks.changed) hear();
  const cluster = world.ecs.clusters.get(task.clusterName);
  if (cluster !== undefined) {
    proceedIfDrained(cluster, task.description.containerInstanceArn);
    wakeServices(world, cluster);
  }
}

export function setStatus({ description }: TaskRecord, status: string): void {
  description.lastStatus = status;
  description.version = (description.version ?? 0) + 1;
  const inContainer = { RUNNING: "RUNNING", STOPPED: "STOPPED", DEPROVISIONING: "STOPPED" }[status];
  for (const container of description.containers ?? [])
    container.lastStatus = inContainer ?? container.lastStatus ?? "PENDING";
}
