import type { ContainerDefinition, NetworkBinding } from "@aws-sdk/client-ecs";
import { durations } from "../../kernel/durations.js";
import type { World } from "../../kernel/world.js";
import { putLogLine } from "../logs/put-log-line.js";
import { nameOf } from "./arn.js";
import { freeHostPort } from "./host-port.js";
import { taskFailed, taskRuns } from "./task-outcome.js";
import { setStatus, stopTask } from "./task-stop.js";
import type { TaskRecord } from "./state.js";

/** PENDING: what has to be there is looked for, then the image is pulled and the container started. */
export function startContainers(world: World, task: TaskRecord): void {
  const { description, taskDefinition } = task;
  if (description.desiredStatus === "STOPPED") return;
  setStatus(task, "PENDING");
  const wait = roleDelay(world, taskDefinition.description.executionRoleArn);
  if (wait !== undefined && wait > 0) {
    world.clock.schedule(wait, () => startContainers(world, task));
    return;
  }
  const why =
    wait === undefined
      ? roleGone(taskDefinition.description.executionRoleArn)
      : (missingSecret(world, task) ?? missingLogGroup(world, task));
  if (why !== undefined) return failToStart(world, task, why);

  const container = overridden(mainContainer(task), task);
  const portMapping = container.portMappings?.[0];
  description.pullStartedAt = new Date(world.clock.now());
  const running = world.runtime.start({
    taskId: nameOf(description.taskArn ?? ""),
    image: container.image ?? "",
    entryPoint: container.entryPoint,
    command: container.command,
    environment: environmentOf(container),
    containerPort: portMapping?.containerPort,
    cpu: container.cpu,
    memory: container.memory,
    hostName: world.hex(12),
    log: logOf(world, task, container),
  });
  task.running = running;
  running.started.then(
    ({ port }) => {
      if (description.desiredStatus === "STOPPED") return;
      const now = new Date(world.clock.now());
      description.pullStoppedAt = now;
      for (const [index, each] of (description.containers ?? []).entries())
        each.runtimeId = `${nameOf(description.taskArn ?? "")}-${index + 1}`;
      bindPorts(world, task, container, port);
      setStatus(task, "ACTIVATING");
      taskRuns(world, task);
    },
    (error: unknown) => {
      task.running = undefined;
      failToStart(world, task, error instanceof Error ? error.message : String(error));
    },
  );
  void running.exited.then(({ exitCode, reason }) => {
    if (description.desiredStatus === "STOPPED") return;
    stopTask(world, task, {
      stopCode: "EssentialContainerExited",
      reason: "Essential container in task exited",
      drain: false,
      exitCode,
      ...(reason === undefined ? {} : { containerReason: reason }),
    });
    taskFailed(world, task);
  });
}

function failToStart(world: World, task: TaskRecord, why: string): void {
  if (task.description.desiredStatus === "STOPPED") return;
  stopTask(world, task, { stopCode: "TaskFailedToStart", reason: why, drain: false, containerReason: why });
  taskFailed(world, task);
}

/** The container that the load balancer asks; else the first that is essential. */
export function mainContainer({ taskDefinition, rollout }: TaskRecord): ContainerDefinition {
  const containers = taskDefinition.description.containerDefinitions ?? [];
  const asked = containers.find(({ name }) => name === rollout?.loadBalancers[0]?.containerName);
  const found = asked ?? containers.find(({ essential }) => essential !== false);
  if (found === undefined) throw new Error("A task definition without an essential container was registered");
  return found;
}

/** The local cloud keeps no secrets: a container finds the reference in place of the value. */
const environmentOf = ({ environment = [], secrets = [] }: ContainerDefinition): Record<string, string> =>
  Object.fromEntries([
    ...environment.map(({ name = "", value = "" }) => [name, value]),
    ...secrets.map(({ name = "", valueFrom = "" }) => [name, valueFrom]),
  ]);

function bindPorts(
  world: World,
  task: TaskRecord,
  main: ContainerDefinition,
  port: number | undefined,
): void {
  task.realPort = port;
  if (task.description.launchType === "FARGATE" || task.networkInterfaceId !== undefined) return;
  for (const container of task.description.containers ?? []) {
    const definitions = task.taskDefinition.description.containerDefinitions ?? [];
    const mappings = definitions.find(({ name }) => name === container.name)?.portMappings ?? [];
    container.networkBindings = [];
    for (const [index, { containerPort, hostPort, protocol }] of mappings.entries()) {
      // A real process has chosen its own port: that is the dynamic host port, then.
      const real = container.name === main.name && index === 0 ? port : undefined;
      const binding: NetworkBinding = {
        bindIP: "0.0.0.0",
        containerPort,
        hostPort: hostPort || (real ?? freeHostPort(world, task)),
        protocol,
      };
      container.networkBindings.push(binding);
    }
  }
}

/** How long until the execution role can be assumed, in milliseconds; `undefined` when there is no such role. */
function roleDelay(world: World, arn: string | undefined): number | undefined {
  if (arn === undefined) return 0;
  const role = world.iam.roles.get(nameOf(arn).toLowerCase());
  return role === undefined ? undefined : Math.max(0, role.usableAt - world.clock.now());
}

const roleGone = (arn: string | undefined): string =>
  `ECS was unable to assume the role '${arn}' that was provided for this task. Please verify that the role being passed has the proper trust relationship and permissions and that your IAM user has permissions to pass this role.`;

/** RunTask's overrides: another command, and variables over those of the task definition. */
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

/** Only where somebody has said which secrets there are. */
function missingSecret(world: World, { taskDefinition }: TaskRecord): string | undefined {
  const wanted = (taskDefinition.description.containerDefinitions ?? []).flatMap(
    ({ secrets = [] }) => secrets,
  );
  const lost = wanted.find(({ valueFrom = "" }) => world.secrets?.has(valueFrom) === false);
  if (lost === undefined) return undefined;
  const why = lost.valueFrom?.includes(":secretsmanager:")
    ? "secrets manager: failed to retrieve secret from secrets manager: ResourceNotFoundException: Secrets Manager can't find the specified secret."
    : `ssm parameters: invalid ssm parameters: ${lost.valueFrom}`;
  return `ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve secrets from ${why}`;
}

function missingLogGroup(world: World, { taskDefinition }: TaskRecord): string | undefined {
  for (const { logConfiguration } of taskDefinition.description.containerDefinitions ?? []) {
    const options = logConfiguration?.options ?? {};
    if (logConfiguration?.logDriver !== "awslogs" || options["awslogs-create-group"] === "true") continue;
    if (world.logs.groups.has(options["awslogs-group"] ?? "")) continue;
    return (
      "ResourceInitializationError: failed to validate logger args: create stream has been retried 1 times: " +
      "failed to create Cloudwatch log stream: ResourceNotFoundException: The specified log group does not exist."
    );
  }
  return undefined;
}

function logOf(world: World, { description }: TaskRecord, { name, logConfiguration }: ContainerDefinition) {
  const { "awslogs-group": group, "awslogs-stream-prefix": prefix } = logConfiguration?.options ?? {};
  if (logConfiguration?.logDriver !== "awslogs" || group === undefined) return () => {};
  const taskId = nameOf(description.taskArn ?? "");
  const stream = prefix === undefined ? taskId : `${prefix}/${name}/${taskId}`;
  return (line: string) => void putLogLine(world, group, stream, line);
}

/** What a launched task goes through before its containers start. */
export const provision = (world: World, task: TaskRecord): void => {
  if (task.networkInterfaceId === undefined) return startContainers(world, task);
  world.clock.schedule(durations.taskProvisioning, () => {
    for (const attachment of task.description.attachments ?? []) attachment.status = "ATTACHED";
    startContainers(world, task);
  });
};
