import type { AwsApi } from "./api.js";
import type { OwnedArn } from "./context.js";
import { isUnsupportedOperation } from "./error-code.js";
import { paginate } from "./paginate.js";
import { fromTags, OWNER_TAG } from "./tags.js";

/**
 * The types that the tagging API finds. EC2 and IAM are asked directly: their own reads are consistent
 * sooner. Clusters are found by name (and an emulator crashes when asked for them here).
 */
const RESOURCE_TYPES = [
  "application-autoscaling:scalable-target",
  "cloudwatch:alarm",
  "ecr:repository",
  "ecs:service",
  "ecs:task-definition",
  "elasticloadbalancing",
  "logs",
];

/** Returns a search for an owner's resources by tag, which is made once per run and owner. */
export function findOwned(tagging: AwsApi["tagging"]): (owner: string) => Promise<readonly OwnedArn[]> {
  const found = new Map<string, Promise<readonly OwnedArn[]>>();
  return (owner) => {
    let search = found.get(owner);
    if (search === undefined) {
      search = searchByTag(tagging, owner);
      found.set(owner, search);
      // Failures are not cached, so that the next call retries.
      search.catch(() => found.delete(owner));
    }
    return search;
  };
}

async function searchByTag(tagging: AwsApi["tagging"], owner: string): Promise<readonly OwnedArn[]> {
  try {
    const found = await paginate(
      "PaginationToken",
      (next) =>
        tagging.getResources({
          TagFilters: [{ Key: OWNER_TAG, Values: [owner] }],
          ResourceTypeFilters: RESOURCE_TYPES,
          ...next,
        }),
      ({ ResourceTagMappingList }) => ResourceTagMappingList,
    );
    return found.flatMap(({ ResourceARN: arn, Tags }) =>
      arn === undefined ? [] : [{ arn, tags: fromTags(Tags) }],
    );
  } catch (error) {
    if (isUnsupportedOperation(error)) return [];
    throw error;
  }
}
