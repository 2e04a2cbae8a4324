import type { Container, ContainerDefinition, NetworkBinding } from "@aws-sdk/client-ecs";
import type { Account } from "../../../core/account.js";
import { nameOf } from "../../../core/arn.js";
import { attributesOf } from "../clusters/container-instance-resources.js";
import { createLogStream, putLogLine } from "../../logs/put-log-line.js";
import type { TaskRecord } from "../state.js";
import { realContainer } from "./real-container.js";
import { routedLog } from "./routed-log.js";
import { freeHostPort } from "./host-port.js";
import { engineVariables, hostVariables } from "./host-variables.js";
import { mainContainer } from "./main-container.js";
import { taskFailed, taskStarted, watchContainer } from "./task-outcome.js";
import { setStatus, stopTask } from "./task-stop.js";

/** Starts the containers whose dependencies are met; the task runs once all have started. */
export function advance(account: Account, task: TaskRecord): void {
  const { description } = task;
  if (description.desiredStatus === "STOPPED") return;
  const definitions = task.taskDefinition.description.containerDefinitions ?? [];
  for (const container of definitions) {
    if (description.desiredStatus !== "RUNNING") return;
    const { name } = container;
    if (task.running.has(name ?? "") || described(task, name).lastStatus !== "PENDING") continue;
    const broken = container.dependsOn?.find((each) => isBroken(task, each.containerName, each.condition));
    if (broken !== undefined) {
      const why = `failed to resolve container ordering dependency [${broken.containerName}] for target [${name}] as dependency did not exit successfully.`;
      return failToStart(account, task, why, name);
    }
    const waits = container.dependsOn?.some((each) => !isMet(task, each.containerName, each.condition));
    if (waits !== true) start(account, task, overridden(container, task));
  }
  const all = description.containers ?? [];
  if (description.startedAt !== undefined || all.some(({ lastStatus }) => lastStatus === "PENDING")) return;
  description.pullStoppedAt = new Date(account.clock.now());
  setStatus(task, "ACTIVATING");
  taskStarted(account, task);
}

export function failToStart(account: Account, task: TaskRecord, why: string, container?: string): void {
  if (task.description.desiredStatus === "STOPPED") return;
  stopTask(account, task, {
    stopCode: "TaskFailedToStart",
    reason: why,
    drain: false,
    containerReason: why,
    container,
  });
  taskFailed(account, task);
}

function start(account: Account, task: TaskRecord, container: ContainerDefinition): void {
  const { description } = task;
  const { name = "" } = container;
  const id = nameOf(description.taskArn ?? "");
  const running = account.runtime.start({
    taskId: name === mainContainer(task).name ? id : `${id}-${name}`,
    image: container.image ?? "",
    platform: platformOf(account, task),
    entryPoint: container.entryPoint,
    command: container.command,
    environment: { ...hostVariables(account, task, name), ...environmentOf(container) },
    ...(account.endpointUrl !== undefined && {
      engineEnvironment: { ...engineVariables(account, task, name), ...environmentOf(container) },
    }),
    containerPort: container.portMappings?.[0]?.containerPort,
    ...(task.connectPorts !== undefined && { names: task.connectPorts }),
    ...(account.isReal && realContainer(account, task, container)),
    cpu: container.cpu,
    memory: container.memory,
    hostName: account.hex(12),
    log: logOf(account, task, container),
  });
  task.running.set(name, running);
  running.started.then(
    ({ port, ports }) => {
      if (description.desiredStatus === "STOPPED") return;
      bindPorts(account, task, container, port, ports);
      openLog(account, task, container);
      described(task, name).runtimeId = `${id}-${[...task.running.keys()].indexOf(name) + 1}`;
      // A container that has already ended keeps its status.
      if (task.running.has(name)) described(task, name).lastStatus = "RUNNING";
      watchContainer(account, task, container, () => advance(account, task));
      advance(account, task);
    },
    (error: unknown) => {
      task.running.delete(name);
      failToStart(account, task, error instanceof Error ? error.message : String(error), name);
    },
  );
  void running.exited.then((exit) => ended(account, task, container, exit));
}

/** The platform of the task's host: the instance's, or on Fargate the one that the task definition asks for. */
function platformOf(
  account: Account,
  { clusterName, description, taskDefinition }: TaskRecord,
): "linux/amd64" | "linux/arm64" {
  const cluster = account.ecs.clusters.get(clusterName);
  const host = cluster?.containerInstances.get(description.containerInstanceArn ?? "");
  const isArm =
    host === undefined
      ? taskDefinition.description.runtimePlatform?.cpuArchitecture === "ARM64"
      : attributesOf(host)["ecs.cpu-architecture"] === "arm64";
  return isArm ? "linux/arm64" : "linux/amd64";
}

/**
 * Handles the end of a container: an essential one ends the task; others may be a dependency that is now met.
 */
function ended(
  account: Account,
  task: TaskRecord,
  { name = "", essential }: ContainerDefinition,
  { exitCode, reason }: { readonly exitCode: number; readonly reason: string | undefined },
): void {
  task.running.delete(name);
  const container = described(task, name);
  container.exitCode = exitCode;
  container.lastStatus = "STOPPED";
  if (reason !== undefined) container.reason = reason;
  if (task.description.desiredStatus === "STOPPED") return;
  if (essential === false) return advance(account, task);
  stopTask(account, task, {
    stopCode: "EssentialContainerExited",
    reason: "Essential container in task exited",
    drain: false,
  });
  taskFailed(account, task);
}

function isMet(task: TaskRecord, name: string | undefined, condition: string | undefined): boolean {
  const { lastStatus, exitCode, healthStatus } = described(task, name);
  if (condition === "HEALTHY") return healthStatus === "HEALTHY";
  if (condition === "COMPLETE" || condition === "SUCCESS") return exitCode !== undefined;
  return lastStatus !== "PENDING";
}

const isBroken = (task: TaskRecord, name: string | undefined, condition: string | undefined): boolean =>
  condition === "SUCCESS" && (described(task, name).exitCode ?? 0) !== 0;

function described({ description }: TaskRecord, name: string | undefined): Container {
  const found = description.containers?.find((each) => each.name === name);
  if (found === undefined) throw new Error(`The task has no container ${name}`);
  return found;
}

/** The local cloud stores no secret values: a container finds the reference instead. */
const environmentOf = ({ environment = [], secrets = [] }: ContainerDefinition): Record<string, string> =>
  Object.fromEntries([
    ...environment.map(({ name = "", value = "" }) => [name, value]),
    ...secrets.map(({ name = "", valueFrom = "" }) => [name, valueFrom]),
  ]);

/** Binds its host ports. A real process has chosen its own port, which then is the dynamic host port. */
function bindPorts(
  account: Account,
  task: TaskRecord,
  { name, portMappings = [] }: ContainerDefinition,
  port: number | undefined,
  ports: ReadonlyMap<number, number> | undefined,
): void {
  if (name === mainContainer(task).name) task.realPort = port;
  const realOf = (containerPort: number | undefined, index: number) =>
    index === 0 ? port : ports?.get(containerPort ?? 0);
  for (const [index, { containerPort }] of portMappings.entries()) {
    const real = realOf(containerPort, index);
    if (containerPort !== undefined && real !== undefined) task.realPorts.set(containerPort, real);
  }
  if (task.description.launchType === "FARGATE" || task.networkInterfaceId !== undefined) return;
  const container = described(task, name);
  container.networkBindings = [];
  for (const [index, { containerPort, hostPort, protocol }] of portMappings.entries()) {
    const real = realOf(containerPort, index);
    const binding: NetworkBinding = {
      bindIP: "0.0.0.0",
      containerPort,
      hostPort: hostPort || (real ?? freeHostPort(account, task)),
      protocol,
    };
    container.networkBindings.push(binding);
    if (real !== undefined) task.realPorts.set(binding.hostPort!, real);
  }
}

/** Applies RunTask's overrides: another command, and variables over those of the task definition. */
function overridden(container: ContainerDefinition, { description }: TaskRecord): ContainerDefinition {
  const override = description.overrides?.containerOverrides?.find(({ name }) => name === container.name);
  if (override === undefined) return container;
  const { command, environment = [], memory } = override;
  return {
    ...container,
    ...(command !== undefined && { command }),
    ...(memory !== undefined && { memory }),
    environment: [...(container.environment ?? []), ...environment],
  };
}

/** Where a container logs with the driver `awslogs`. */
function streamOf({ description }: TaskRecord, { name, logConfiguration }: ContainerDefinition) {
  const { "awslogs-group": group, "awslogs-stream-prefix": prefix } = logConfiguration?.options ?? {};
  if (logConfiguration?.logDriver !== "awslogs" || group === undefined) return undefined;
  const taskId = nameOf(description.taskArn ?? "");
  return { group, stream: prefix === undefined ? taskId : `${prefix}/${name}/${taskId}` };
}

function openLog(account: Account, task: TaskRecord, container: ContainerDefinition): void {
  const log = streamOf(task, container);
  if (log !== undefined) createLogStream(account, log.group, log.stream);
}

function logOf(account: Account, task: TaskRecord, container: ContainerDefinition) {
  if (container.logConfiguration?.logDriver === "awsfirelens") return routedLog(account, task, container);
  const log = streamOf(task, container);
  return log === undefined
    ? () => {}
    : (line: string) => void putLogLine(account, log.group, log.stream, line);
}
