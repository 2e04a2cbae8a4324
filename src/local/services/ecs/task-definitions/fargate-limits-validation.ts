import type { ContainerDefinition, RegisterTaskDefinitionCommandInput } from "@aws-sdk/client-ecs";
import { clientException } from "../service-errors.js";

/** What Fargate does not support, in ECS's words where they are public. */
export function checkFargateLimits(input: RegisterTaskDefinitionCommandInput): void {
  if (input.ipcMode !== undefined)
    throw clientException("Tasks using the Fargate launch type do not support ipcMode.");
  if (input.pidMode !== undefined && input.pidMode !== "task")
    throw clientException("Tasks using the Fargate launch type only support pidMode 'task'.");
  if ((input.placementConstraints ?? []).length > 0) throw unsupported("constraints");
  for (const { host, dockerVolumeConfiguration } of input.volumes ?? []) {
    if (host?.sourcePath !== undefined) throw unsupported("sourcePath");
    if (dockerVolumeConfiguration !== undefined) throw unsupported("dockerVolumeConfiguration");
  }
  for (const container of input.containerDefinitions ?? []) checkContainer(container);
}

const unsupported = (parameter: string) =>
  clientException(`Fargate compatible task definitions do not support ${parameter}`);

function checkContainer(container: ContainerDefinition): void {
  const { linuxParameters: linux = {} } = container;
  if (container.privileged === true) throw unsupported("privileged");
  if (container.disableNetworking === true) throw unsupported("disableNetworking");
  for (const key of ["dnsServers", "dnsSearchDomains", "dockerSecurityOptions", "extraHosts"] as const)
    if ((container[key] ?? []).length > 0) throw unsupported(key);
  if (container.resourceRequirements?.some(({ type }) => type === "GPU"))
    throw clientException("Tasks using the Fargate launch type do not support GPU resource requirements");
  if ((linux.devices ?? []).length > 0) throw unsupported("devices");
  for (const key of ["sharedMemorySize", "maxSwap", "swappiness"] as const)
    if (linux[key] !== undefined) throw unsupported(key);
  const added = linux.capabilities?.add?.find((name) => name !== "SYS_PTRACE");
  if (added !== undefined)
    throw clientException(
      `Fargate compatible task definitions do not support adding the capability ${added}: only SYS_PTRACE can be added.`,
    );
  const options = container.firelensConfiguration?.options ?? {};
  if (options["config-file-type"] === "s3")
    throw clientException("Fargate launch type does not support FirelensConfiguration config file from 's3'");
}
