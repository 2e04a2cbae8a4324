import type * as Tagging from "@aws-sdk/client-resource-groups-tagging-api";
import type { Account } from "../../core/account.js";
import type { Answer } from "../../core/answer.js";
import { page } from "../../core/page.js";
import { ServiceError } from "../../core/service-error.js";
import { knownResources } from "./tag-index.js";

/** The keys and values of all tags. */
export const tagLists = (account: Account) => ({
  async getTagKeys(input: Tagging.GetTagKeysCommandInput): Answer<Tagging.GetTagKeysCommandOutput> {
    const keys = new Set(knownResources(account).flatMap(({ tags }) => [...tags.keys()]));
    const { items, nextToken = "" } = page(
      [...keys].sort(),
      input.PaginationToken || undefined,
      1000,
      badToken,
    );
    return { TagKeys: items, PaginationToken: nextToken };
  },

  async getTagValues(input: Tagging.GetTagValuesCommandInput): Answer<Tagging.GetTagValuesCommandOutput> {
    const values = new Set(knownResources(account).flatMap(({ tags }) => tags.get(input.Key ?? "") ?? []));
    const { items, nextToken = "" } = page(
      [...values].sort(),
      input.PaginationToken || undefined,
      1000,
      badToken,
    );
    return { TagValues: items, PaginationToken: nextToken };
  },
});

const badToken = (): ServiceError =>
  new ServiceError(
    "PaginationTokenExpiredException",
    "A PaginationToken is valid for a maximum of 15 minutes.",
  );
