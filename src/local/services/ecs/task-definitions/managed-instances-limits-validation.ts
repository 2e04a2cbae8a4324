import type { ContainerDefinition, RegisterTaskDefinitionCommandInput } from "@aws-sdk/client-ecs";
import { clientException } from "../service-errors.js";

/**
 * What ECS Managed Instances do not support. Source: ECS Developer Guide, "Amazon ECS task definition differences for
 * Amazon ECS Managed Instances"; the wording is that of Fargate's refusals.
 */
export function checkManagedInstancesLimits(input: RegisterTaskDefinitionCommandInput): void {
  if (input.networkMode !== "awsvpc" && input.networkMode !== "host")
    throw clientException("Managed Instances only support network modes 'awsvpc' and 'host'.");
  if (input.ipcMode !== undefined) throw unsupported("ipcMode");
  if (input.ephemeralStorage !== undefined) throw unsupported("ephemeralStorage");
  if (input.proxyConfiguration !== undefined) throw unsupported("proxyConfiguration");
  for (const { expression = "" } of input.placementConstraints ?? []) checkExpression(expression);
  for (const { host, dockerVolumeConfiguration } of input.volumes ?? []) {
    if (host?.sourcePath !== undefined) throw unsupported("sourcePath");
    if (dockerVolumeConfiguration !== undefined) throw unsupported("dockerVolumeConfiguration");
  }
  for (const container of input.containerDefinitions ?? []) checkContainer(container);
}

/** The attributes that placement constraints of tasks on Managed Instances may name. */
const ATTRIBUTES = ["subnet-id", "availability-zone", "instance-type", "cpu-architecture"];

/** Refuses a constraint that names another attribute. */
export function checkExpression(expression: string): void {
  const other = [...expression.matchAll(/attribute:([\w.-]+)/g)].find(
    ([, name = ""]) => !ATTRIBUTES.includes(name.replace(/^ecs\./, "")),
  );
  if (other !== undefined) throw unsupported(`the placement constraint attribute ${other[1]}`);
}

const unsupported = (parameter: string) =>
  clientException(`Managed Instances compatible task definitions do not support ${parameter}`);

const DRIVERS: readonly unknown[] = ["awslogs", "awsfirelens", "splunk"];

function checkContainer(container: ContainerDefinition): void {
  const { linuxParameters: linux = {} } = container;
  if (container.disableNetworking === true) throw unsupported("disableNetworking");
  if (container.hostname !== undefined) throw unsupported("hostname");
  if (Object.keys(container.dockerLabels ?? {}).length > 0) throw unsupported("dockerLabels");
  for (const key of [
    "dnsServers",
    "dnsSearchDomains",
    "dockerSecurityOptions",
    "extraHosts",
    "links",
  ] as const)
    if ((container[key] ?? []).length > 0) throw unsupported(key);
  if ((linux.tmpfs ?? []).length > 0) throw unsupported("tmpfs");
  for (const key of ["sharedMemorySize", "maxSwap", "swappiness"] as const)
    if (linux[key] !== undefined) throw unsupported(key);
  const driver = container.logConfiguration?.logDriver;
  if (driver !== undefined && !DRIVERS.includes(driver)) throw unsupported(`the log driver ${driver}`);
}
