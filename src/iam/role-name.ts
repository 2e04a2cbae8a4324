import type { AwsContext } from "../aws/context.js";
import { ignoreNotFound } from "../aws/not-found.js";
import { fromTags } from "../aws/tags.js";
import { isOwnedBy } from "../engine/ownership.js";
import { getRoleOfMany } from "./read-role.js";
import { isOfThisRegion } from "./region.js";

/**
 * Returns the name of an owner's role in this region: with the region, or the name without it that a version
 * before there were regions gave the role, if this region owns or can claim that role.
 *
 * @param nameOf - returns the name with a region, or without
 */
export async function regionalRoleName(
  nameOf: (region?: string) => string,
  owner: string,
  context: AwsContext,
): Promise<string> {
  const [name, former] = [nameOf(context.region), nameOf()];
  const present = await getRoleOfMany(name, context);
  if (context.isAhead === true || isOwnedBy(fromTags(present?.Tags), owner)) return name;
  const found = await ignoreNotFound(context.aws.iam.getRole({ RoleName: former }));
  const isOurs = found?.Role !== undefined && (await isOfThisRegion(found.Role, owner, context));
  return isOurs ? former : name;
}
