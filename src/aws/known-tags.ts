import type { Tags } from "../engine/kind.js";
import { withoutWildcard } from "./arn.js";
import type { AwsContext } from "./context.js";
import { OWNER_TAG } from "./tags.js";

/**
 * What the tagging API, which is asked once for all, says of a resource: good enough where it is what shall
 * be. `undefined` otherwise: it hears of changes late, so that the service itself has to be asked.
 */
export async function knownTags(arn: string, wanted: Tags, context: AwsContext): Promise<Tags | undefined> {
  const owner = wanted[OWNER_TAG];
  if (owner === undefined) return undefined;
  const known = (await context.owned(owner)).find(
    (one) => withoutWildcard(one.arn) === withoutWildcard(arn),
  )?.tags;
  const isAsDescribed = Object.entries(wanted).every(([key, value]) => known?.[key] === value);
  return isAsDescribed ? known : undefined;
}
