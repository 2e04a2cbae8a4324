import type * as ServiceDiscovery from "@aws-sdk/client-servicediscovery";
import type { ServiceDiscoveryApi } from "../../../aws/api.js";
import type { Account } from "../../core/account.js";
import type { Answer } from "../../core/answer.js";
import { arnOf } from "../../core/arn.js";
import { page } from "../../core/page.js";
import { ServiceError } from "../../core/service-error.js";
import { readTags } from "../../core/tags.js";
import { findDiscoveryService, findNamespace, invalidInput, servicesIn } from "./lookups.js";
import type { DiscoveryService } from "./state.js";

/** The services of namespaces: what instances are registered with. */
export const createDiscoveryServiceHandlers = (account: Account) => ({
  ...createListHandler(account),

  async createService(
    input: ServiceDiscovery.CreateServiceCommandInput,
  ): Answer<ServiceDiscovery.CreateServiceCommandOutput> {
    const namespace = findNamespace(account, input.NamespaceId ?? input.DnsConfig?.NamespaceId);
    const { Name: name = "", CreatorRequestId, Description, Tags } = input;
    if (input.DnsConfig !== undefined)
      throw invalidInput("DNS records are not supported by services in an HTTP namespace.");
    const taken = servicesIn(account, namespace.id).find((each) => each.name === name);
    if (taken !== undefined)
      throw Object.assign(new ServiceError("ServiceAlreadyExists", "Service already exists."), {
        ServiceId: taken.id,
        CreatorRequestId: taken.creatorRequestId,
      });
    const service = addService(account, {
      name,
      namespaceId: namespace.id,
      description: Description,
      creatorRequestId: CreatorRequestId,
      tags: readTags(Tags, invalidInput),
      healthCheckCustomConfig: input.HealthCheckCustomConfig,
    });
    return { Service: describe(account, service) };
  },

  async getService({
    Id,
  }: ServiceDiscovery.GetServiceCommandInput): Answer<ServiceDiscovery.GetServiceCommandOutput> {
    return { Service: describe(account, findDiscoveryService(account, Id)) };
  },

  async deleteService({
    Id,
  }: ServiceDiscovery.DeleteServiceCommandInput): Answer<ServiceDiscovery.DeleteServiceCommandOutput> {
    const service = findDiscoveryService(account, Id);
    if (service.instances.size > 0)
      throw new ServiceError(
        "ResourceInUse",
        "Service contains registered instances; delete the instances before deleting the service",
      );
    account.serviceDiscovery.services.delete(service.id);
    return {};
  },
});

const createListHandler = (account: Account): Pick<ServiceDiscoveryApi, "listServices"> => ({
  async listServices({ Filters = [], MaxResults = 100, NextToken }) {
    const all = [...account.serviceDiscovery.services.values()].filter((service) =>
      Filters.every(
        ({ Name, Values = [] }) =>
          Name !== "NAMESPACE_ID" || Values.some((id) => id.endsWith(service.namespaceId)),
      ),
    );
    const { items, nextToken } = page(all, NextToken, MaxResults, () =>
      invalidInput("The token is not valid."),
    );
    return {
      Services: items.map((service) => {
        const { NamespaceId: _, CreatorRequestId: __, ...summary } = describe(account, service);
        return summary;
      }),
      ...(nextToken !== undefined && { NextToken: nextToken }),
    };
  },
});

export function addService(
  account: Account,
  given: Pick<DiscoveryService, "name" | "namespaceId" | "tags"> & Partial<DiscoveryService>,
): DiscoveryService {
  const id = `srv-${account.hex(16)}`;
  const service: DiscoveryService = {
    description: undefined,
    creatorRequestId: undefined,
    dnsConfig: undefined,
    healthCheckCustomConfig: undefined,
    ...given,
    id,
    arn: arnOf(account, "servicediscovery", `service/${id}`),
    createdAt: new Date(account.clock.now()),
    instances: new Map(),
    revision: 0,
  };
  account.serviceDiscovery.services.set(id, service);
  return service;
}

const describe = (account: Account, service: DiscoveryService): ServiceDiscovery.Service => ({
  Id: service.id,
  Arn: service.arn,
  ResourceOwner: account.accountId,
  Name: service.name,
  NamespaceId: service.namespaceId,
  ...(service.description !== undefined && { Description: service.description }),
  InstanceCount: service.instances.size,
  ...(service.dnsConfig !== undefined && { DnsConfig: service.dnsConfig }),
  Type: service.dnsConfig === undefined ? "HTTP" : "DNS_HTTP",
  ...(service.healthCheckCustomConfig !== undefined && {
    HealthCheckCustomConfig: service.healthCheckCustomConfig,
  }),
  CreateDate: service.createdAt,
  ...(service.creatorRequestId !== undefined && { CreatorRequestId: service.creatorRequestId }),
});
