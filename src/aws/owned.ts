import type { AwsApi } from "./api.js";
import type { OwnedArn } from "./context.js";
import { isUnsupportedOperation } from "./error-code.js";
import { paginate } from "./paginate.js";
import { fromTags, OWNER_TAG } from "./tags.js";

/**
 * What is found through the tagging API. EC2 and IAM are asked themselves: their own reads are
 * consistent sooner. Clusters are found by name (and an emulator dies when asked for them here).
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

/** Finds by tag whose it is, once a run and owner. */
export function findOwned(tagging: AwsApi["tagging"]): (owner: string) => Promise<readonly OwnedArn[]> {
  const found = new Map<string, Promise<readonly OwnedArn[]>>();
  return (owner) => {
    let search = found.get(owner);
    if (search === undefined) {
      search = ask(tagging, owner);
      found.set(owner, search);
      // A failure is not remembered: the next who asks may have more luck.
      search.catch(() => found.delete(owner));
    }
    return search;
  };
}

async function ask(tagging: AwsApi["tagging"], owner: string): Promise<readonly OwnedArn[]> {
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
