import type { ServiceRegistry, TaskDefinition } from "@aws-sdk/client-ecs";
import type { Account } from "../../../core/account.js";
import { clientException, invalidParameter } from "../service-errors.js";

const ARN = /^arn:aws[a-z-]*:servicediscovery:[a-z0-9-]+:\d{12}:service\/srv-[a-z0-9]+$/;

/**
 * Checks the service registries as CreateService and UpdateService do.
 * Source: ECS API reference, ServiceRegistry; ECS Developer Guide, "Service discovery considerations".
 */
export function checkRegistries(
  account: Account,
  registries: readonly ServiceRegistry[],
  definition: TaskDefinition,
): void {
  if (registries.length > 1) throw invalidParameter("A service can use at most 1 service registry.");
  for (const registry of registries) checkRegistry(account, registry, definition);
}

function checkRegistry(
  { serviceDiscovery }: Account,
  { registryArn = "", containerName, containerPort, port }: ServiceRegistry,
  { networkMode = "bridge", containerDefinitions = [] }: TaskDefinition,
): void {
  // As in hashicorp/terraform-provider-aws#4373 and #17386.
  if (!ARN.test(registryArn))
    throw invalidParameter(`The format of the supplied service registry ARN is invalid: ${registryArn}.`);
  const found = [...serviceDiscovery.services.values()].find(({ arn }) => arn === registryArn);
  if (found === undefined)
    throw clientException('The service registry could not be validated. Route 53 error: "ServiceNotFound."');
  if (networkMode === "none")
    throw invalidParameter(
      "Service discovery does not support the network mode 'none' of the task definition.",
    );
  const types = (found.dnsConfig?.DnsRecords ?? []).map(({ Type }) => Type);
  const isInContainer = containerName !== undefined && containerPort !== undefined;
  if ((containerName === undefined) !== (containerPort === undefined))
    throw invalidParameter("Specify both containerName and containerPort of a service registry, or neither.");
  if (networkMode !== "awsvpc") {
    if (!isInContainer)
      throw invalidParameter(
        `When specifying 'host' or 'bridge' for networkMode, values for 'containerName' and 'containerPort' must be specified from the task definition.`,
      );
    if (types.some((type) => type !== "SRV"))
      throw invalidParameter(
        `The network mode '${networkMode}' of the task definition supports only DNS records of type SRV for service discovery.`,
      );
  } else if (types.includes("SRV") && isInContainer === (port !== undefined))
    throw invalidParameter(
      "A service registry with DNS records of type SRV needs either containerName and containerPort, or port.",
    );
  if (!isInContainer) return;
  const container = containerDefinitions.find(({ name }) => name === containerName);
  if (container?.portMappings?.some((mapping) => mapping.containerPort === containerPort) !== true)
    throw invalidParameter(
      `The container ${containerName} did not have a container port ${containerPort} defined.`,
    );
}
