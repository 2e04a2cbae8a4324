import type { TagFilter } from "@aws-sdk/client-resource-groups-tagging-api";
import type { TaggingApi } from "../../../aws/api.js";
import type { Account } from "../../core/account.js";
import { page } from "../../core/page.js";
import { ServiceError } from "../../core/service-error.js";
import { tagList } from "../../core/tags.js";
import { knownResources } from "./tag-index.js";
import { tagLists } from "./tag-lists.js";

/**
 * The tagging API: the tagged resources of all services that it covers, as they were a while ago. IAM and Auto
 * Scaling groups are not covered.
 */
export function createTagging(account: Account): TaggingApi {
  return {
    ...tagLists(account),

    async getResources(input) {
      const invalid = (message: string) => new ServiceError("InvalidParameterException", message);
      const { TagFilters: filters = [], ResourceTypeFilters: types = [], ResourceARNList: arns } = input;
      if (filters.length > 50 || types.length > 100) throw invalid("Too many filters were specified.");
      if (arns !== undefined && (filters.length > 0 || types.length > 0)) {
        throw invalid("ResourceARNList cannot be combined with filters.");
      }
      if (filters.some(({ Key }) => Key === undefined)) throw invalid("A tag filter must have a key.");
      const size = input.ResourcesPerPage ?? input.TagsPerPage ?? 50;
      if (size < 1 || size > (input.ResourcesPerPage === undefined ? 500 : 100))
        throw invalid("ResourcesPerPage must be between 1 and 100.");
      const found = knownResources(account)
        .filter(({ tags }) => tags.size > 0)
        .filter(({ arn }) => arns === undefined || arns.includes(arn))
        .filter(({ type }) => types.length === 0 || types.some((wanted) => covers(wanted, type)))
        .filter(({ tags }) => filters.every((filter) => matches(tags, filter)));
      const now = account.clock.now();
      // The first page's token is an empty string, like the token of the last page's answer.
      const [issuedAt, token] = input.PaginationToken ? input.PaginationToken.split(":") : [String(now)];
      if (now - Number(issuedAt) > TOKEN_LIFETIME) throw tokenExpired();
      const { items, nextToken } = page(found, token, size, tokenExpired);
      return {
        ResourceTagMappingList: items.map(({ arn, tags }) => ({ ResourceARN: arn, Tags: tagList(tags) })),
        PaginationToken: nextToken === undefined ? "" : `${now}:${nextToken}`,
      };
    },
  };
}

/** "A PaginationToken is valid for a maximum of 15 minutes", API reference. */
const TOKEN_LIFETIME = 15 * 60_000;

const tokenExpired = (): ServiceError =>
  new ServiceError(
    "PaginationTokenExpiredException",
    "A PaginationToken is valid for a maximum of 15 minutes.",
  );

/** `ec2` means all types of EC2; `ec2:instance` one of them. */
const covers = (wanted: string, type: string): boolean => type === wanted || type.startsWith(`${wanted}:`);

function matches(
  tags: ReadonlyMap<string, string>,
  { Key: key = "", Values: values = [] }: TagFilter,
): boolean {
  const value = tags.get(key);
  return value !== undefined && (values.length === 0 || values.includes(value));
}
