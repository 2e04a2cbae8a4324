import type { ContainerDefinition, HealthCheck, NetworkMode, PortMapping } from "@aws-sdk/client-ecs";
import { clientException, invalidParameter } from "../service-errors.js";
import { checkSettings } from "./container-settings-validation.js";
import { checkLogConfiguration } from "./log-configuration-validation.js";
import type { TaskFacts } from "./task-facts.js";

/** Docker's minimum memory of a container, in MiB. */
const minMemory = 6;

export function checkContainer(container: ContainerDefinition, task: TaskFacts): void {
  const { name = "", image = "" } = container;
  if (name === "") throw clientException("Container.name should not be null or empty.");
  if (!/^[A-Za-z0-9_-]{1,255}$/.test(name)) {
    throw clientException(
      `Invalid container name '${name}': letters, digits, hyphens and underscores are allowed.`,
    );
  }
  if (image === "") throw clientException("Container.image should not be null or empty.");
  if (/\s/.test(image) || image.length > 255)
    throw clientException("Container.image contains invalid characters.");
  checkSizes(name, container, task);
  for (const mapping of container.portMappings ?? []) checkPort(name, mapping, task.networkMode);
  checkVariables(container, task);
  checkHealth(name, container.healthCheck);
  checkSettings(name, container, task);
  const { stopTimeout } = container;
  if (stopTimeout !== undefined && (stopTimeout < 0 || (task.forFargate && stopTimeout > 120))) {
    throw clientException(
      `Invalid setting for container '${name}'. 'stopTimeout' must be between 0 and 120 seconds.`,
    );
  }
  if (container.logConfiguration !== undefined) checkLogConfiguration(name, container.logConfiguration, task);
}

function checkSizes(
  name: string,
  { cpu, memory, memoryReservation }: ContainerDefinition,
  task: TaskFacts,
): void {
  const invalidSetting = (why: string) => clientException(`Invalid setting for container '${name}'. ${why}`);
  if (memory === undefined && memoryReservation === undefined && task.memory === undefined) {
    throw invalidSetting("At least one of 'memory' or 'memoryReservation' must be specified.");
  }
  for (const [key, value] of Object.entries({ memory, memoryReservation })) {
    if (value !== undefined && value < minMemory)
      throw invalidSetting(`'${key}' must be at least ${minMemory} MiB.`);
    if (value !== undefined && task.memory !== undefined && value > task.memory) {
      throw invalidSetting(`'${key}' must not be greater than the memory of the task.`);
    }
  }
  if (memory !== undefined && memoryReservation !== undefined && memory <= memoryReservation) {
    throw invalidSetting("'memory' must be greater than 'memoryReservation'.");
  }
  if (cpu !== undefined && cpu < 0) throw invalidSetting("'cpu' must not be negative.");
}

function checkPort(name: string, mapping: PortMapping, networkMode: NetworkMode | undefined): void {
  const { containerPort, hostPort, containerPortRange: range } = mapping;
  if (range !== undefined) return checkRange(name, mapping, networkMode);
  if (mapping.appProtocol !== undefined && mapping.name === undefined)
    throw clientException("When an appProtocol is specified, the port mapping must have a name.");
  if (
    containerPort === undefined ||
    !Number.isInteger(containerPort) ||
    containerPort < 1 ||
    containerPort > 65535
  ) {
    throw clientException(`Invalid 'containerPort' setting for container '${name}'`);
  }
  if (hostPort !== undefined && (!Number.isInteger(hostPort) || hostPort < 0 || hostPort > 65535)) {
    throw clientException(`Invalid 'hostPort' setting for container '${name}'`);
  }
  const mustMatch = networkMode === "awsvpc" || networkMode === "host";
  if (mustMatch && hostPort !== undefined && hostPort !== containerPort) {
    throw clientException(
      `When networkMode=${networkMode}, the host ports and container ports in port mappings must match.`,
    );
  }
  if (mapping.protocol !== undefined && mapping.protocol !== "tcp" && mapping.protocol !== "udp") {
    throw invalidParameter(
      `Invalid protocol '${String(mapping.protocol)}' for container '${name}': use tcp or udp.`,
    );
  }
  if (mapping.name !== undefined && !/^[a-z0-9_][a-z0-9_-]{0,63}$/.test(mapping.name)) {
    throw clientException(`Invalid port mapping name '${mapping.name}' for container '${name}'.`);
  }
}

function checkRange(name: string, mapping: PortMapping, networkMode: NetworkMode | undefined): void {
  const [, first, last] = /^(\d+)-(\d+)$/.exec(mapping.containerPortRange ?? "") ?? [];
  const isValid = Number(first) >= 1 && Number(first) <= Number(last) && Number(last) <= 65535;
  if (!isValid) throw clientException(`Invalid 'containerPortRange' setting for container '${name}'`);
  if (mapping.containerPort !== undefined || mapping.hostPort !== undefined)
    throw clientException("containerPort and hostPort cannot be specified with containerPortRange.");
  if (networkMode === "host" || networkMode === "none")
    throw clientException(`containerPortRange is not supported when networkMode=${networkMode}.`);
}

function checkVariables(
  { name, environment = [], secrets = [] }: ContainerDefinition,
  task: TaskFacts,
): void {
  const names = environment.map((variable) => variable.name ?? "");
  if (names.includes(""))
    throw clientException(`Container '${name}' has an environment variable without a name.`);
  const taken = new Set(names);
  for (const secret of secrets) {
    if (!secret.name || !secret.valueFrom) {
      throw clientException(`A secret of container '${name}' needs a name and a valueFrom.`);
    }
    if (taken.has(secret.name)) {
      throw clientException(
        `The secret name must be unique and not shared with any new or existing environment variables set on the container, such as '${secret.name}'.`,
      );
    }
    taken.add(secret.name);
  }
  if (secrets.length > 0 && task.executionRoleArn === undefined) {
    throw clientException(
      "When you are specifying container secrets, you must also specify a value for 'executionRoleArn'.",
    );
  }
}

function checkHealth(name: string, check: HealthCheck | undefined): void {
  if (check === undefined) return;
  const inRange = (key: string, value: number | undefined, min: number, max: number) => {
    if (value !== undefined && (value < min || value > max)) {
      throw clientException(
        `Invalid '${key}' value for the health check of container '${name}': it must be between ${min} and ${max}.`,
      );
    }
  };
  if (!check.command?.length)
    throw clientException(`The health check of container '${name}' needs a command.`);
  inRange("interval", check.interval, 5, 300);
  inRange("timeout", check.timeout, 2, 60);
  inRange("retries", check.retries, 1, 10);
  inRange("startPeriod", check.startPeriod, 0, 300);
}
