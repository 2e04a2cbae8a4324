import type * as ServiceDiscovery from "@aws-sdk/client-servicediscovery";
import type { ServiceDiscoveryApi } from "../../../aws/api.js";
import type { Account } from "../../core/account.js";
import type { Answer } from "../../core/answer.js";
import { ServiceError } from "../../core/service-error.js";
import { addTags, readTags, tagList } from "../../core/tags.js";
import { createInstanceHandlers } from "./instances.js";
import { invalidInput } from "./lookups.js";
import { createNamespaceHandlers } from "./namespaces.js";
import { createDiscoveryServiceHandlers } from "./services.js";

type OwnHandlers = Pick<ServiceDiscoveryApi, "getOperation" | "listTagsForResource" | "tagResource">;

/** AWS Cloud Map: namespaces, their services, and what is registered with these. */
export const createServiceDiscovery = (account: Account) => ({
  ...createNamespaceHandlers(account),
  ...createDiscoveryServiceHandlers(account),
  ...createInstanceHandlers(account),
  ...createOwnHandlers(account),

  async untagResource({
    ResourceARN,
    TagKeys = [],
  }: ServiceDiscovery.UntagResourceCommandInput): Answer<ServiceDiscovery.UntagResourceCommandOutput> {
    const tags = tagsOf(account, ResourceARN);
    for (const key of TagKeys) tags.delete(key);
    return {};
  },
});

const createOwnHandlers = (account: Account): OwnHandlers => ({
  async getOperation({ OperationId = "" }) {
    const operation = account.serviceDiscovery.operations.get(OperationId);
    if (operation === undefined)
      throw new ServiceError("OperationNotFound", `There is no operation with ID ${OperationId}.`);
    const { id, type, status, targets, createdAt, updatedAt, errorCode, errorMessage } = operation;
    return {
      Operation: {
        Id: id,
        OwnerAccount: account.accountId,
        Type: type,
        Status: status,
        ...(errorCode !== undefined && { ErrorCode: errorCode, ErrorMessage: errorMessage }),
        CreateDate: createdAt,
        UpdateDate: updatedAt,
        Targets: { ...targets },
      },
    };
  },

  async listTagsForResource({ ResourceARN }) {
    return { Tags: tagList(tagsOf(account, ResourceARN)) };
  },

  async tagResource({ ResourceARN, Tags }) {
    addTags(
      tagsOf(account, ResourceARN),
      readTags(Tags, invalidInput),
      () => new ServiceError("TooManyTagsException", "The list of tags on the resource is over the quota."),
    );
    return {};
  },
});

function tagsOf({ serviceDiscovery }: Account, arn: string | undefined): Map<string, string> {
  const all = [...serviceDiscovery.namespaces.values(), ...serviceDiscovery.services.values()];
  const found = all.find((each) => each.arn === arn);
  if (found === undefined)
    throw new ServiceError(
      "ResourceNotFoundException",
      `The resource with the provided Amazon Resource Name (ARN) ${arn} can't be found.`,
    );
  return found.tags;
}
