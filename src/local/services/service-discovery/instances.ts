import type * as ServiceDiscovery from "@aws-sdk/client-servicediscovery";
import type { Account } from "../../core/account.js";
import type { Answer } from "../../core/answer.js";
import { page } from "../../core/page.js";
import { ServiceError } from "../../core/service-error.js";
import { findDiscoveryService, invalidInput, namespaceByName, servicesIn } from "./lookups.js";
import { submit } from "./operations.js";
import type { DiscoveryService } from "./state.js";

/** The instances of services. ECS registers its tasks; here are the calls of everybody else. */
export const createInstanceHandlers = (account: Account) => ({
  async registerInstance({
    ServiceId,
    InstanceId = "",
    Attributes = {},
  }: ServiceDiscovery.RegisterInstanceCommandInput): Answer<ServiceDiscovery.RegisterInstanceCommandOutput> {
    const service = findDiscoveryService(account, ServiceId);
    const targets = { SERVICE: service.id, INSTANCE: InstanceId };
    return {
      OperationId: submit(account, "REGISTER_INSTANCE", targets, () => {
        register(service, InstanceId, Attributes);
        return undefined;
      }),
    };
  },

  async deregisterInstance({
    ServiceId,
    InstanceId = "",
  }: ServiceDiscovery.DeregisterInstanceCommandInput): Answer<ServiceDiscovery.DeregisterInstanceCommandOutput> {
    const service = findDiscoveryService(account, ServiceId);
    if (!service.instances.has(InstanceId))
      throw new ServiceError("InstanceNotFound", `There is no instance with ID ${InstanceId}.`);
    const targets = { SERVICE: service.id, INSTANCE: InstanceId };
    return {
      OperationId: submit(account, "DEREGISTER_INSTANCE", targets, () => {
        deregister(service, InstanceId);
        return undefined;
      }),
    };
  },

  async listInstances({
    ServiceId,
    MaxResults = 100,
    NextToken,
  }: ServiceDiscovery.ListInstancesCommandInput): Answer<ServiceDiscovery.ListInstancesCommandOutput> {
    const service = findDiscoveryService(account, ServiceId);
    const { items, nextToken } = page([...service.instances.values()], NextToken, MaxResults, () =>
      invalidInput("The token is not valid."),
    );
    return {
      Instances: items.map(({ id, attributes }) => ({ Id: id, Attributes: { ...attributes } })),
      ResourceOwner: account.accountId,
      ...(nextToken !== undefined && { NextToken: nextToken }),
    };
  },

  async discoverInstances({
    NamespaceName = "",
    ServiceName = "",
    MaxResults = 100,
    QueryParameters = {},
  }: ServiceDiscovery.DiscoverInstancesCommandInput): Answer<ServiceDiscovery.DiscoverInstancesCommandOutput> {
    const namespace = namespaceByName(account, NamespaceName);
    if (namespace === undefined)
      throw new ServiceError("NamespaceNotFound", `There is no namespace with name ${NamespaceName}.`);
    const service = servicesIn(account, namespace.id).find(({ name }) => name === ServiceName);
    if (service === undefined)
      throw new ServiceError("ServiceNotFound", `There is no service with name ${ServiceName}.`);
    const found = [...service.instances.values()].filter(({ attributes }) =>
      Object.entries(QueryParameters).every(([key, value]) => attributes[key] === value),
    );
    return {
      Instances: found.slice(0, MaxResults).map(({ id, attributes }) => ({
        InstanceId: id,
        NamespaceName,
        ServiceName,
        HealthStatus: "UNKNOWN",
        Attributes: { ...attributes },
      })),
      InstancesRevision: service.revision,
    };
  },
});

export function register(
  service: DiscoveryService,
  id: string,
  attributes: Readonly<Record<string, string>>,
): void {
  service.instances.set(id, { id, attributes: { ...attributes } });
  service.revision++;
}

export function deregister(service: DiscoveryService, id: string): void {
  if (service.instances.delete(id)) service.revision++;
}
