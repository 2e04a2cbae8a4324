import type * as ServiceDiscovery from "@aws-sdk/client-servicediscovery";
import type { Account } from "../../core/account.js";
import type { Answer } from "../../core/answer.js";
import { page } from "../../core/page.js";
import { ServiceError } from "../../core/service-error.js";
import { findDiscoveryService, invalidInput, namespaceByName, servicesIn } from "./lookups.js";
import { submit } from "./operations.js";
import { answering, syncRecords } from "./records.js";
import type { DiscoveryInstance, DiscoveryService } from "./state.js";

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
        const { AWS_INIT_HEALTH_STATUS: initial } = Attributes;
        register(account, service, InstanceId, Attributes, initial === "UNHEALTHY" ? initial : "HEALTHY");
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
        deregister(account, service, InstanceId);
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
    HealthStatus = "HEALTHY_OR_ELSE_ALL",
  }: ServiceDiscovery.DiscoverInstancesCommandInput): Answer<ServiceDiscovery.DiscoverInstancesCommandOutput> {
    const namespace = namespaceByName(account, NamespaceName);
    if (namespace === undefined)
      throw new ServiceError("NamespaceNotFound", `There is no namespace with name ${NamespaceName}.`);
    const service = servicesIn(account, namespace.id).find(({ name }) => name === ServiceName);
    if (service === undefined)
      throw new ServiceError("ServiceNotFound", `There is no service with name ${ServiceName}.`);
    const isChecked = service.healthCheckCustomConfig !== undefined;
    const all = [...service.instances.values()].filter(({ isLeaving }) => !isLeaving);
    const healthy = HealthStatus === "HEALTHY_OR_ELSE_ALL" ? answering(service) : all;
    const asked = isChecked ? healthy : all;
    const found = asked.filter(
      ({ attributes, health }) =>
        (!isChecked ||
          (HealthStatus !== "HEALTHY" && HealthStatus !== "UNHEALTHY") ||
          health === HealthStatus) &&
        Object.entries(QueryParameters).every(([key, value]) => attributes[key] === value),
    );
    return {
      Instances: found.slice(0, MaxResults).map(({ id, attributes, health }) => ({
        InstanceId: id,
        NamespaceName,
        ServiceName,
        HealthStatus: isChecked ? health : ("UNKNOWN" as const),
        Attributes: { ...attributes },
      })),
      InstancesRevision: service.revision,
    };
  },
});

export function register(
  account: Account,
  service: DiscoveryService,
  id: string,
  attributes: Readonly<Record<string, string>>,
  health: DiscoveryInstance["health"],
): void {
  service.instances.set(id, { id, attributes: { ...attributes }, health, isLeaving: false });
  changed(account, service);
}

export function deregister(account: Account, service: DiscoveryService, id: string): void {
  if (service.instances.delete(id)) changed(account, service);
}

/** The instances of a service have changed: DNS answers with others from now on. */
export function changed(account: Account, service: DiscoveryService): void {
  service.revision++;
  syncRecords(account, service);
  for (const notify of account.events.namesChanged) notify();
}
