import type { AwsApi } from "./api.js";
import type { OwnedArn } from "./context.js";
import { isUnsupportedOperation } from "./error-code.js";
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
  const owned: OwnedArn[] = [];
  let PaginationToken: string | undefined;
  try {
    do {
      const page = await tagging.getResources({
        TagFilters: [{ Key: OWNER_TAG, Values: [owner] }],
        ResourceTypeFilters: RESOURCE_TYPES,
        ...(PaginationToken === undefined ? {} : { PaginationToken }),
      });
      for (const { ResourceARN, Tags } of page.ResourceTagMappingList ?? []) {
        if (ResourceARN !== undefined) owned.push({ arn: ResourceARN, tags: fromTags(Tags) });
      }
      PaginationToken = page.PaginationToken === "" ? undefined : page.PaginationToken;
    } while (PaginationToken !== undefined);
  } catch (error) {
    if (isUnsupportedOperation(error)) return [];
    throw error;
  }
  return owned;
}
