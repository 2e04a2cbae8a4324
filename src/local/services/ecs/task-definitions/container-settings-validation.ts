import type { ContainerDefinition } from "@aws-sdk/client-ecs";
import { clientException, invalidParameter } from "../service-errors.js";
import type { TaskFacts } from "./task-facts.js";

const ulimits =
  "core cpu data fsize locks memlock msgqueue nice nofile nproc rss rtprio rttime sigpending stack".split(
    " ",
  );

/** Files, limits, hosts and restarts of a container. */
export function checkSettings(name: string, container: ContainerDefinition, task: TaskFacts): void {
  checkNetworkMode(container, task);
  for (const { sourceVolume, containerPath } of container.mountPoints ?? []) {
    if (!task.volumes.includes(sourceVolume ?? ""))
      throw clientException(`Unknown volume '${sourceVolume}'.`);
    if (!containerPath)
      throw clientException(`Container '${name}' has a mount point without a containerPath.`);
  }
  for (const { name: limit, softLimit = 0, hardLimit = 0 } of container.ulimits ?? []) {
    if (limit === undefined || !ulimits.includes(limit))
      throw invalidParameter(`Invalid ulimit name '${limit}'.`);
    if (hardLimit >= 0 && (softLimit > hardLimit || softLimit < 0))
      throw clientException(`The soft limit of ulimit '${limit}' must not be greater than its hard limit.`);
  }
  const { maxSwap, swappiness } = container.linuxParameters ?? {};
  if (swappiness !== undefined && (swappiness < 0 || swappiness > 100))
    throw clientException("Invalid 'swappiness' value: it must be between 0 and 100.");
  if (maxSwap !== undefined && maxSwap < 0)
    throw clientException("Invalid 'maxSwap' value: it must not be negative.");
  checkEnvironmentFiles(name, container, task);
  checkRestart(name, container);
  const { startTimeout } = container;
  if (startTimeout !== undefined && task.forFargate && (startTimeout < 2 || startTimeout > 120))
    throw clientException(
      `Invalid setting for container '${name}'. 'startTimeout' must be between 2 and 120 seconds.`,
    );
  if ((container.credentialSpecs ?? []).length > 1)
    throw clientException("The maximum number of credentialSpecs is 1.");
  for (const { type, value, sharingStrategy } of container.resourceRequirements ?? [])
    if (type === "GPU" && sharingStrategy === undefined && !/^(?:[1-9]\d*|ALL)$/.test(value ?? ""))
      throw clientException(`Invalid GPU resource requirement '${value}' for container '${name}'.`);
}

function checkNetworkMode(container: ContainerDefinition, { networkMode, ipcMode }: TaskFacts): void {
  if (networkMode === "none" && (container.portMappings ?? []).length > 0)
    throw clientException("Port mappings are not supported when networkMode=none.");
  const controls = (container.systemControls ?? []).map(({ namespace = "" }) => namespace);
  if (networkMode === "host" && controls.some((each) => each.startsWith("net.")))
    throw clientException("Network systemControls are not supported when networkMode=host.");
  if (ipcMode === "host" && controls.some((each) => /^(?:kernel\.(?:msg|sem|shm)|fs\.mqueue\.)/.test(each)))
    throw clientException("IPC namespace systemControls are not supported when ipcMode=host.");
  if (networkMode !== "awsvpc") return;
  const refused = (parameter: string) =>
    clientException(`${parameter} is not supported on container when networkMode=awsvpc.`);
  if (container.hostname !== undefined) throw refused("hostname");
  if (container.disableNetworking === true) throw refused("disableNetworking");
  for (const key of ["extraHosts", "dnsServers", "dnsSearchDomains"] as const)
    if ((container[key] ?? []).length > 0) throw refused(key);
}

function checkEnvironmentFiles(
  name: string,
  { environmentFiles = [] }: ContainerDefinition,
  { executionRoleArn }: TaskFacts,
): void {
  if (environmentFiles.length > 10)
    throw clientException(`Container '${name}' can have up to 10 environment files.`);
  for (const { type, value = "" } of environmentFiles) {
    if (type !== "s3") throw invalidParameter(`Invalid environment file type '${type}': use s3.`);
    if (!/^arn:[\w-]+:s3:::[^/]+\/.+$/.test(value)) throw clientException("Invalid arn syntax.");
    if (!value.endsWith(".env"))
      throw clientException(`The environment file '${value}' must have a .env file extension.`);
  }
  if (environmentFiles.length > 0 && executionRoleArn === undefined)
    throw clientException(
      "When you are specifying environment files, you must also specify a value for 'executionRoleArn'.",
    );
}

function checkRestart(name: string, { restartPolicy: policy }: ContainerDefinition): void {
  if (policy === undefined) return;
  const { restartAttemptPeriod: period, ignoredExitCodes = [] } = policy;
  if (period !== undefined && (period < 60 || period > 1800))
    throw clientException(
      `Invalid restartPolicy for container '${name}'. 'restartAttemptPeriod' must be between 60 and 1800 seconds.`,
    );
  if (ignoredExitCodes.length > 50)
    throw clientException(
      `Invalid restartPolicy for container '${name}'. It can ignore up to 50 exit codes.`,
    );
}
