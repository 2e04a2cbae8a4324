import type { AwsApi } from "./api.js";
import type { AwsContext, OwnedArn } from "./context.js";
import { hasErrorCode, isUnsupportedOperation } from "./error-code.js";
import { paginate } from "./paginate.js";
import { fromTags, OWNER_TAG } from "./tags.js";

/**
 * The types that the tagging API finds. EC2 and IAM are asked directly: their own reads are consistent
 * sooner. Clusters are found by name (and an emulator crashes when asked for them here).
 */
const RESOURCE_TYPES = [
  "acm:certificate",
  "application-autoscaling:scalable-target",
  "cloudwatch:alarm",
  "ecr:repository",
  "ecs:service",
  "ecs:task-definition",
  "elasticloadbalancing",
  "logs",
  "servicediscovery",
];

/**
 * Returns a search for an owner's resources by tag, which is made once per run and owner. The tagging API is
 * eventually consistent: resources that the run has read otherwise are noted, and found as well.
 */
export function findOwned(tagging: AwsApi["tagging"]): Pick<AwsContext, "owned" | "noteOwned"> {
  const found = new Map<string, Promise<readonly OwnedArn[]>>();
  const noted = new Map<string, Map<string, OwnedArn>>();
  const search = (owner: string) => {
    const known = found.get(owner);
    if (known !== undefined) return known;
    const searching = searchByTag(tagging, owner);
    found.set(owner, searching);
    // Failures are not cached, so that the next call retries.
    searching.catch(() => found.delete(owner));
    return searching;
  };
  return {
    noteOwned(owner, resource) {
      const ofOwner = noted.get(owner) ?? new Map<string, OwnedArn>();
      noted.set(owner, ofOwner.set(resource.arn, resource));
    },
    async owned(owner) {
      const tagged = await search(owner);
      const more = new Map(noted.get(owner));
      for (const { arn } of tagged) more.delete(arn);
      return more.size === 0 ? tagged : [...tagged, ...more.values()];
    },
  };
}

async function searchByTag(
  tagging: AwsApi["tagging"],
  owner: string,
  types: readonly string[] = RESOURCE_TYPES,
): Promise<readonly OwnedArn[]> {
  try {
    const found = await paginate(
      "PaginationToken",
      (next) =>
        tagging.getResources({
          TagFilters: [{ Key: OWNER_TAG, Values: [owner] }],
          ...(types.length > 0 && { ResourceTypeFilters: [...types] }),
          ...next,
        }),
      ({ ResourceTagMappingList }) => ResourceTagMappingList,
    );
    return found.flatMap(({ ResourceARN: arn, Tags }) =>
      arn === undefined ? [] : [{ arn, tags: fromTags(Tags) }],
    );
  } catch (error) {
    if (isUnsupportedOperation(error)) return [];
    // A region without one of the services refuses the whole request (boto/botocore#1843).
    if (hasErrorCode(error, "InvalidParameterException") && types.length > 0)
      return searchByTag(tagging, owner, []);
    throw error;
  }
}
