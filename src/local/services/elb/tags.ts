import type { Tag } from "@aws-sdk/client-elastic-load-balancing-v2";
import type { ElbApi } from "../../../aws/api.js";
import type { Account } from "../../core/account.js";
import { ServiceError } from "../../core/service-error.js";
import { arnNotFound, validationError } from "./service-errors.js";

/** Tags of a create call, validated. An empty list is rejected, as the API's model requires at least one. */
export function readTags(tags: readonly Tag[] | undefined): Map<string, string> {
  if (tags === undefined) return new Map();
  if (tags.length === 0) {
    throw validationError(
      "1 validation error detected: Value '[]' at 'tags' failed to satisfy constraint: Member must have length greater than or equal to 1",
    );
  }
  const map = new Map<string, string>();
  for (const { Key, Value } of tags) {
    if (Key === undefined || Key.length < 1 || Key.length > 128)
      throw validationError("Tag keys must have 1 to 128 characters");
    if (Key.toLowerCase().startsWith("aws:"))
      throw validationError("aws: prefixed tag key names are not allowed for external use.");
    if ((Value ?? "").length > 256) throw validationError("Tag values must have at most 256 characters");
    if (map.has(Key))
      throw new ServiceError("DuplicateTagKeys", "The same tag key is specified more than once");
    map.set(Key, Value ?? "");
  }
  if (map.size > 50) throw new ServiceError("TooManyTags", "The maximum number of tags has been reached");
  return map;
}

function tagsOf(account: Account, arn: string): Map<string, string> {
  const { loadBalancers, targetGroups, listeners, rules } = account.elb;
  const found = loadBalancers.get(arn) ?? targetGroups.get(arn) ?? listeners.get(arn) ?? rules.get(arn);
  if (found !== undefined) return found.tags;
  if (arn.includes(":targetgroup/")) throw arnNotFound(account, "target group", arn);
  if (arn.includes(":listener-rule/")) throw arnNotFound(account, "rule", arn);
  if (arn.includes(":listener/")) throw arnNotFound(account, "listener", arn);
  if (arn.includes(":loadbalancer/")) throw arnNotFound(account, "load balancer", arn);
  throw validationError(`'${arn}' is not a valid ARN`);
}

export const createTagHandlers = (
  account: Account,
): Pick<ElbApi, "describeTags" | "addTags" | "removeTags"> => ({
  async describeTags({ ResourceArns = [] }) {
    if (ResourceArns.length > 20)
      throw validationError("The maximum number of resources you can specify is '20'");
    const TagDescriptions = ResourceArns.map((arn) => ({
      ResourceArn: arn,
      Tags: [...tagsOf(account, arn)].map(([Key, Value]) => ({ Key, Value })),
    }));
    return { TagDescriptions };
  },

  async addTags({ ResourceArns = [], Tags }) {
    const added = readTags(Tags);
    for (const tags of ResourceArns.map((arn) => tagsOf(account, arn))) {
      if (new Set([...tags.keys(), ...added.keys()]).size > 50) {
        throw new ServiceError("TooManyTags", "The maximum number of tags has been reached");
      }
      for (const [key, value] of added) tags.set(key, value);
    }
    return {};
  },

  async removeTags({ ResourceArns = [], TagKeys = [] }) {
    for (const tags of ResourceArns.map((arn) => tagsOf(account, arn))) {
      for (const key of TagKeys) tags.delete(key);
    }
    return {};
  },
});
