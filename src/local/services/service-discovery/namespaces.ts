import type * as ServiceDiscovery from "@aws-sdk/client-servicediscovery";
import type { ServiceDiscoveryApi } from "../../../aws/api.js";
import type { Account } from "../../core/account.js";
import { arnOf } from "../../core/arn.js";
import type { Answer } from "../../core/answer.js";
import { page } from "../../core/page.js";
import { ServiceError } from "../../core/service-error.js";
import { readTags } from "../../core/tags.js";
import { findNamespace, invalidInput, servicesIn } from "./lookups.js";
import { operationInProgress, submit } from "./operations.js";
import type { Namespace } from "./state.js";

type Handlers = Pick<ServiceDiscoveryApi, "createHttpNamespace" | "deleteNamespace" | "listNamespaces">;

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
  async createHttpNamespace({ Name: name = "", CreatorRequestId, Description, Tags }) {
    const tags = readTags(Tags, invalidInput);
    if (tags.size > 50)
      throw new ServiceError("TooManyTagsException", "The list of tags on the resource is over the quota.");
    refuseTaken(account, name);
    const id = `ns-${account.hex(16)}`;
    const namespace: Namespace = {
      id,
      arn: arnOf(account, "servicediscovery", `namespace/${id}`),
      name,
      type: "HTTP",
      description: Description,
      creatorRequestId: CreatorRequestId,
      createdAt: new Date(account.clock.now()),
      tags,
      isPending: true,
    };
    account.serviceDiscovery.namespaces.set(id, namespace);
    return {
      OperationId: submit(account, "CREATE_NAMESPACE", { NAMESPACE: id }, () => {
        namespace.isPending = false;
        return undefined;
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

function refuseTaken(account: Account, name: string): void {
  const taken = [...account.serviceDiscovery.namespaces.values()].find((each) => each.name === name);
  if (taken === undefined) return;
  const creating = operationInProgress(account, "CREATE_NAMESPACE", taken.id);
  if (creating !== undefined) throw duplicateRequest(creating.id);
  throw Object.assign(
    new ServiceError("NamespaceAlreadyExists", `The namespace with name ${name} already exists.`),
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
    HTTP_NAME: namespace.name,
    RESOURCE_OWNER: "SELF",
  };
  const value = values[Name ?? ""] ?? "";
  return Values.some((wanted) => (Condition === "BEGINS_WITH" ? value.startsWith(wanted) : value === wanted));
}

const describe = (
  account: Account,
  { id, arn, name, type, description, createdAt }: Namespace,
): ServiceDiscovery.NamespaceSummary => ({
  Id: id,
  Arn: arn,
  ResourceOwner: account.accountId,
  Name: name,
  Type: type,
  ...(description !== undefined && { Description: description }),
  ServiceCount: servicesIn(account, id).length,
  Properties: { DnsProperties: { SOA: {} as never }, HttpProperties: { HttpName: name } },
  CreateDate: createdAt,
});
