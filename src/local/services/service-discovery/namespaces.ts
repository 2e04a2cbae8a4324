import type * as ServiceDiscovery from "@aws-sdk/client-servicediscovery";
import type { ServiceDiscoveryApi } from "../../../aws/api.js";
import type { Account } from "../../core/account.js";
import { arnOf } from "../../core/arn.js";
import type { Answer } from "../../core/answer.js";
import { page } from "../../core/page.js";
import { ServiceError } from "../../core/service-error.js";
import { readTags } from "../../core/tags.js";
import { findNamespace, invalidInput, servicesIn } from "./lookups.js";
import { addZone } from "../route53/hosted-zones.js";
import { dnsName } from "../route53/names.js";
import { operationInProgress, submit, type OperationFailure } from "./operations.js";
import type { Namespace } from "./state.js";

type Handlers = Pick<
  ServiceDiscoveryApi,
  "createHttpNamespace" | "createPrivateDnsNamespace" | "deleteNamespace" | "listNamespaces"
>;

/** Namespaces. Creating and deleting one are operations: their result is read with GetOperation. */
export const createNamespaceHandlers = (account: Account) => ({
  ...createHandlers(account),

  async getNamespace({
    Id,
  }: ServiceDiscovery.GetNamespaceCommandInput): Answer<ServiceDiscovery.GetNamespaceCommandOutput> {
    const namespace = findNamespace(account, Id);
    return {
      Namespace: {
        ...describe(account, namespace),
        ...(namespace.creatorRequestId !== undefined && { CreatorRequestId: namespace.creatorRequestId }),
      },
    };
  },
});

const createHandlers = (account: Account): Handlers => ({
  async createHttpNamespace(input) {
    const namespace = addNamespace(account, input, "HTTP", undefined);
    return {
      OperationId: submit(account, "CREATE_NAMESPACE", { NAMESPACE: namespace.id }, () => {
        namespace.isPending = false;
        return undefined;
      }),
    };
  },

  async createPrivateDnsNamespace(input) {
    const { Name = "", Vpc = "" } = input;
    if (Vpc === "") throw invalidInput("The VPC of a private DNS namespace can not be blank.");
    if (!DOMAIN.test(Name)) throw invalidInput(`The name ${Name} is not a domain name.`);
    const namespace = addNamespace(account, input, "DNS_PRIVATE", Vpc);
    return {
      OperationId: submit(account, "CREATE_NAMESPACE", { NAMESPACE: namespace.id }, () => {
        const failure = createZone(account, namespace);
        if (failure === undefined) namespace.isPending = false;
        else account.serviceDiscovery.namespaces.delete(namespace.id);
        return failure;
      }),
    };
  },

  async deleteNamespace({ Id }) {
    const namespace = findNamespace(account, Id);
    const duplicate = operationInProgress(account, "DELETE_NAMESPACE", namespace.id);
    if (duplicate !== undefined) throw duplicateRequest(duplicate.id);
    if (servicesIn(account, namespace.id).length > 0)
      throw new ServiceError(
        "ResourceInUse",
        "Namespace contains services; delete the services before deleting the namespace",
      );
    return {
      OperationId: submit(account, "DELETE_NAMESPACE", { NAMESPACE: namespace.id }, () => {
        if (servicesIn(account, namespace.id).length > 0)
          return {
            errorCode: "INTERNAL_FAILURE",
            errorMessage: "Namespace contains services; delete the services before deleting the namespace",
          };
        account.serviceDiscovery.namespaces.delete(namespace.id);
        account.route53.zones.delete(namespace.hostedZoneId ?? "");
        return undefined;
      }),
    };
  },

  async listNamespaces({ Filters = [], MaxResults = 100, NextToken }) {
    const all = [...account.serviceDiscovery.namespaces.values()].filter(({ isPending }) => !isPending);
    // Cloud Map takes a page first, and filters it then: a page may be empty although others follow.
    const { items, nextToken } = page(all, NextToken, MaxResults, () =>
      invalidInput("The token is not valid."),
    );
    return {
      Namespaces: items
        .filter((each) => Filters.every((filter) => matches(each, filter)))
        .map((each) => describe(account, each)),
      ...(nextToken !== undefined && { NextToken: nextToken }),
    };
  },
});

/** Labels of letters, digits and hyphens, as Route 53 takes them. */
const DOMAIN =
  /^(?=.{1,253}$)[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)*\.?$/i;

function addNamespace(
  account: Account,
  { Name: name = "", CreatorRequestId, Description, Tags }: ServiceDiscovery.CreateHttpNamespaceCommandInput,
  type: Namespace["type"],
  vpcId: string | undefined,
): Namespace {
  const tags = readTags(Tags, invalidInput);
  if (tags.size > 50)
    throw new ServiceError("TooManyTagsException", "The list of tags on the resource is over the quota.");
  const named = [...account.serviceDiscovery.namespaces.values()].filter((each) => each.name === name);
  // One of another type, or of another VPC, can have the same name.
  refuseTaken(
    account,
    named.find((each) => each.type === type && each.vpcId === vpcId),
  );
  const id = `ns-${account.hex(16)}`;
  const namespace: Namespace = {
    id,
    arn: arnOf(account, "servicediscovery", `namespace/${id}`),
    name,
    type,
    httpName: named.length === 0 ? name : `${name}-${id.slice(-8)}`,
    vpcId,
    description: Description,
    creatorRequestId: CreatorRequestId,
    createdAt: new Date(account.clock.now()),
    tags,
    isPending: true,
  };
  account.serviceDiscovery.namespaces.set(id, namespace);
  return namespace;
}

/** Creates the private hosted zone of a namespace. A VPC sees one zone of a name. */
function createZone(account: Account, namespace: Namespace): OperationFailure | undefined {
  const { name, vpcId = "" } = namespace;
  const fail = (errorMessage: string) => ({ errorCode: "CANNOT_CREATE_HOSTED_ZONE", errorMessage });
  if (!account.ec2.vpcs.has(vpcId)) return fail(`The VPC ${vpcId} in region ${account.region} is not valid.`);
  const taken = [...account.route53.zones.values()].find(
    (zone) => zone.isPrivate && zone.name === dnsName(name) && zone.vpcs.some(({ id }) => id === vpcId),
  );
  // As in docker-archive/ecs-plugin#186.
  if (taken !== undefined)
    return fail(
      `The VPC ${vpcId} in region ${account.region} has already been associated with the hosted zone ${taken.id} with the same domain name.`,
    );
  namespace.hostedZoneId = addZone(account, {
    name: dnsName(name),
    callerReference: namespace.id,
    comment: "Created by AWS Cloud Map",
    isPrivate: true,
    vpcs: [{ id: vpcId, region: account.region }],
    isDelegated: true,
  }).id;
  return undefined;
}

function refuseTaken(account: Account, taken: Namespace | undefined): void {
  if (taken === undefined) return;
  const creating = operationInProgress(account, "CREATE_NAMESPACE", taken.id);
  if (creating !== undefined) throw duplicateRequest(creating.id);
  throw Object.assign(
    new ServiceError("NamespaceAlreadyExists", `The namespace with name ${taken.name} already exists.`),
    { NamespaceId: taken.id, CreatorRequestId: taken.creatorRequestId },
  );
}

const duplicateRequest = (operationId: string): ServiceError =>
  Object.assign(
    new ServiceError(
      "DuplicateRequest",
      "Another operation of type is already in progress for the resource.",
    ),
    { DuplicateOperationId: operationId },
  );

function matches(
  namespace: Namespace,
  { Name, Values = [], Condition = "EQ" }: ServiceDiscovery.NamespaceFilter,
): boolean {
  const values: Readonly<Record<string, string>> = {
    TYPE: namespace.type,
    NAME: namespace.name,
    HTTP_NAME: namespace.httpName,
    RESOURCE_OWNER: "SELF",
  };
  const value = values[Name ?? ""] ?? "";
  return Values.some((wanted) => (Condition === "BEGINS_WITH" ? value.startsWith(wanted) : value === wanted));
}

/** Seconds. Source: Cloud Map API reference, SOA. */
const SOA_TTL = 15;

const describe = (
  account: Account,
  { id, arn, name, type, httpName, hostedZoneId, description, createdAt }: Namespace,
): ServiceDiscovery.NamespaceSummary => ({
  Id: id,
  Arn: arn,
  ResourceOwner: account.accountId,
  Name: name,
  Type: type,
  ...(description !== undefined && { Description: description }),
  ServiceCount: servicesIn(account, id).length,
  Properties: {
    DnsProperties:
      hostedZoneId === undefined
        ? { SOA: {} as never }
        : { HostedZoneId: hostedZoneId, SOA: { TTL: SOA_TTL } },
    HttpProperties: { HttpName: httpName },
  },
  CreateDate: createdAt,
});
