import { createHash } from "node:crypto";
import type { CreateServiceCommandInput, DnsRecord } from "@aws-sdk/client-servicediscovery";
import type * as ServiceDiscovery from "@aws-sdk/client-servicediscovery";
import type { ServiceDiscoveryApi } from "../../../aws/api.js";
import type { Account } from "../../core/account.js";
import type { Answer } from "../../core/answer.js";
import { arnOf } from "../../core/arn.js";
import { page } from "../../core/page.js";
import { ServiceError } from "../../core/service-error.js";
import { readTags } from "../../core/tags.js";
import { findDiscoveryService, findNamespace, invalidInput, servicesIn } from "./lookups.js";
import { operationInProgress, submit } from "./operations.js";
import { syncRecords } from "./records.js";
import type { DiscoveryService, Namespace } from "./state.js";

/** The services of namespaces: what instances are registered with. */
export const createDiscoveryServiceHandlers = (account: Account) => ({
  ...createListHandler(account),

  async createService(
    input: ServiceDiscovery.CreateServiceCommandInput,
  ): Answer<ServiceDiscovery.CreateServiceCommandOutput> {
    const namespace = findNamespace(account, input.NamespaceId ?? input.DnsConfig?.NamespaceId);
    const { Name: name = "", CreatorRequestId, Description, Tags } = input;
    const hasRecords = (input.DnsConfig?.DnsRecords ?? []).length > 0;
    checkDnsConfig(namespace, input);
    // Two names that differ in their case are one in DNS.
    const isSame = (each: string) => (hasRecords ? each.toLowerCase() === name.toLowerCase() : each === name);
    const taken = servicesIn(account, namespace.id).find((each) => isSame(each.name));
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
      ...(hasRecords && {
        dnsConfig: {
          RoutingPolicy: input.DnsConfig?.RoutingPolicy ?? "MULTIVALUE",
          DnsRecords: structuredClone(input.DnsConfig?.DnsRecords ?? []),
          NamespaceId: namespace.id,
        },
      }),
      // Cloud Map no longer supports others.
      ...(input.HealthCheckCustomConfig && { healthCheckCustomConfig: { FailureThreshold: 1 } }),
    });
    return { Service: describe(account, service) };
  },

  async getService({
    Id,
  }: ServiceDiscovery.GetServiceCommandInput): Answer<ServiceDiscovery.GetServiceCommandOutput> {
    return { Service: describe(account, findDiscoveryService(account, Id)) };
  },

  async updateService({
    Id,
    Service,
  }: ServiceDiscovery.UpdateServiceCommandInput): Answer<ServiceDiscovery.UpdateServiceCommandOutput> {
    const service = findDiscoveryService(account, Id);
    if (service.dnsConfig === undefined)
      throw invalidInput("UpdateService is not supported for services that have no DNS records.");
    if (operationInProgress(account, "UPDATE_SERVICE", service.id) !== undefined)
      throw new ServiceError(
        "DuplicateRequest",
        "Another operation of type is already in progress for the resource.",
      );
    const given = Service?.DnsConfig?.DnsRecords ?? [];
    if (typesOf(given) !== typesOf(service.dnsConfig.DnsRecords))
      throw invalidInput("The record type of a service can't be updated.");
    return {
      OperationId: submit(account, "UPDATE_SERVICE", { SERVICE: service.id }, () => {
        service.dnsConfig = { ...service.dnsConfig, DnsRecords: structuredClone(given) };
        syncRecords(account, service);
        return undefined;
      }),
    };
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

const typesOf = (records: readonly DnsRecord[] | undefined = []): string =>
  records
    .map(({ Type }) => Type)
    .sort()
    .join(" and ");

/** Source: Cloud Map API reference, DnsRecord. */
const RECORD_TYPES = ["A", "AAAA", "A and AAAA", "SRV", "CNAME"];

function checkDnsConfig(
  { type }: Namespace,
  { DnsConfig, HealthCheckConfig, HealthCheckCustomConfig, Name = "" }: CreateServiceCommandInput,
): void {
  const { DnsRecords: records = [], RoutingPolicy = "MULTIVALUE" } = DnsConfig ?? {};
  if (records.length > 0 && type === "HTTP")
    throw invalidInput("DNS records are not supported by services in an HTTP namespace.");
  if (HealthCheckConfig !== undefined && HealthCheckCustomConfig !== undefined)
    throw invalidInput("Specify either HealthCheckConfig or HealthCheckCustomConfig, not both.");
  if (HealthCheckConfig !== undefined && type === "DNS_PRIVATE")
    throw invalidInput("HealthCheckConfig is not supported by services in a private DNS namespace.");
  if (!NAME.test(Name)) throw invalidInput(`The name ${Name} of a service is not valid.`);
  if (records.length === 0) return;
  const types = typesOf(records);
  if (!RECORD_TYPES.includes(types)) throw invalidInput(`The record types ${types} can't be combined.`);
  if (types === "CNAME" && RoutingPolicy !== "WEIGHTED")
    throw invalidInput("CNAME records need the routing policy WEIGHTED.");
}

/** Source: Cloud Map API reference, CreateService. */
const NAME =
  /^(?=.{1,127}$)([a-zA-Z0-9_][a-zA-Z0-9-_]{0,61}[a-zA-Z0-9_]|[a-zA-Z0-9])(\.([a-zA-Z0-9_][a-zA-Z0-9-_]{0,61}[a-zA-Z0-9_]|[a-zA-Z0-9]))*$/;

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
  // A service that is created again gets the ID that it had before (hashicorp/terraform-provider-aws#46930).
  const key = [account.accountId, account.region, given.namespaceId, given.name].join("/");
  const id = `srv-${createHash("sha256").update(key).digest("hex").slice(0, 16)}`;
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
