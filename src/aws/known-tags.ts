import type { Tags } from "../engine/kind.js";
import { withoutWildcard } from "./arn.js";
import type { AwsContext } from "./context.js";
import { OWNER_TAG } from "./tags.js";

/**
 * The tags of a resource from the tagging API (one call for all resources), if they are the wanted ones.
 * `undefined` otherwise: the API is eventually consistent, so that the service itself has to be asked.
 */
export async function knownTags(arn: string, wanted: Tags, context: AwsContext): Promise<Tags | undefined> {
  const owner = wanted[OWNER_TAG];
  if (owner === undefined) return undefined;
  const known = (await context.owned(owner)).find(
    (one) => withoutWildcard(one.arn) === withoutWildcard(arn),
  )?.tags;
  const hasWantedTags = Object.entries(wanted).every(([key, value]) => known?.[key] === value);
  return hasWantedTags ? known : undefined;
}
