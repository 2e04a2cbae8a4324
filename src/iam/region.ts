import type { Role } from "@aws-sdk/client-iam";
import type { AwsContext } from "../aws/context.js";
import { ignoreNotFound } from "../aws/not-found.js";
import { parseOwner } from "../aws/owner.js";
import { fromTags, OWNER_TAG } from "../aws/tags.js";
import type { Elsewhere, Tags } from "../engine/kind.js";
import { isAdopted } from "../engine/ownership.js";
import { deriveName } from "../spec/derive-name.js";
import { autoScalingGroupName } from "../spec/derived-names.js";
import { ROLE_NAME } from "../spec/names.js";

/*
 * IAM has one namespace for all regions of an account, so its resources are known by region: in their name,
 * in their path and in this tag. A role without the tag was created by a version that did not know regions:
 * the region that runs next claims it. An adopted role can serve several regions, because quayside only adds
 * to it and never deletes it: it has no region.
 * Source: IAM User Guide, "IAM identifiers"; CloudFormation, `AWS::IAM::Role` ("use AWS::Region to create a
 * Region-specific name").
 */
export const REGION_TAG = "quayside:region";

type InRegion = Pick<AwsContext, "region">;

/** The path of an owner's roles and instance profiles: IAM lists roles by path, not by tag. */
const iamPath = (owner: string, { region }: InRegion): string => `/quayside/${region}/${owner}/`;

/** Remembers a path of the user's for the run: leftovers are found below it, also where no role is described. */
export function noteIamPrefix(prefix: string, { runCache }: Pick<AwsContext, "runCache">): void {
  const known = (runCache.get(PREFIXES) as Set<string> | undefined) ?? new Set<string>();
  runCache.set(PREFIXES, known.add(prefix));
}

/** The path below one of the user's, which is remembered. */
export function iamPathBelow(
  prefix: string,
  owner: string,
  context: InRegion & Pick<AwsContext, "runCache">,
): string {
  noteIamPrefix(prefix, context);
  return `${prefix.slice(0, -1)}${iamPath(owner, context)}`;
}

const PREFIXES = "IAM path prefixes";

/** The paths at which an owner's roles can be: that of the region, and the one from before there were regions. */
export const iamPaths = (
  owner: string,
  context: InRegion & Pick<AwsContext, "runCache">,
): readonly string[] => {
  const prefixes = (context.runCache.get(PREFIXES) as ReadonlySet<string> | undefined) ?? new Set();
  const below = [...prefixes].map((prefix) => `${prefix.slice(0, -1)}${iamPath(owner, context)}`);
  return [...new Set([iamPath(owner, context), `/quayside/${owner}/`, ...below])];
};

/** The tags of a role or an instance profile of this region. */
export const regionalTags = (tags: Tags, { region }: InRegion): Tags => ({ ...tags, [REGION_TAG]: region });

/** The tags as a run compares them: an adopted resource belongs to every region. */
export const comparableTags = (tags: Tags, context: InRegion): Tags =>
  isAdopted(tags) ? regionalTags(tags, context) : tags;

/** The tags as a run writes them: an adopted resource is given no region. */
export function tagsToWrite(desired: Tags, current: Tags): Tags {
  if (!isAdopted(desired) && !isAdopted(current)) return desired;
  return Object.fromEntries(Object.entries(desired).filter(([key]) => key !== REGION_TAG));
}

/** Where a role or an instance profile belongs, if that is another region. */
export function elsewhere(name: string, tags: Tags, { region }: InRegion): Elsewhere | undefined {
  const other = tags[REGION_TAG];
  if (other === undefined || other === region || isAdopted(tags)) return undefined;
  return {
    place: `region ${other}`,
    fix: `IAM has one namespace for all regions of an account. Use another name in this region, .ec2({ instanceRole: "${deriveName(ROLE_NAME, name, `-${region}`)}" }), or omit it: the default name contains the region.`,
  };
}

/**
 * True if the role of this owner belongs to this region. One without a region does, unless it was last used in
 * another region and this one has nothing of the owner that could use it.
 */
export async function isOfThisRegion(role: Role, owner: string, context: AwsContext): Promise<boolean> {
  const tags = fromTags(role.Tags);
  if (tags[OWNER_TAG] !== owner || elsewhere("", tags, context) !== undefined) return false;
  return lastUsedElsewhere(role, context) === undefined || (await hasResources(owner, context));
}

/**
 * The other region that was the last to use a role that no region has claimed. IAM does not protect a role
 * that is in use from its deletion; this is all that it reports.
 */
export async function regionsUsing(roleName: string, tags: Tags, context: AwsContext): Promise<string[]> {
  if (tags[REGION_TAG] !== undefined || isAdopted(tags)) return [];
  const found = await ignoreNotFound(context.aws.iam.getRole({ RoleName: roleName }));
  const region = found?.Role && lastUsedElsewhere(found.Role, context);
  return region === undefined ? [] : [`region ${region}, where it was last used`];
}

/** Source: IAM API reference, RoleLastUsed. */
function lastUsedElsewhere({ RoleLastUsed, Tags }: Role, { region }: InRegion): string | undefined {
  const tags = fromTags(Tags);
  if (tags[REGION_TAG] !== undefined || isAdopted(tags)) return undefined;
  return RoleLastUsed?.Region === region ? undefined : RoleLastUsed?.Region;
}

/** True if the region has resources of the owner that can use its roles. */
async function hasResources(owner: string, context: AwsContext): Promise<boolean> {
  const { type, name = "" } = parseOwner(owner) ?? {};
  if (type !== "cluster") return (await context.owned(owner)).length > 0;
  const LaunchTemplateNames = [autoScalingGroupName(name)];
  const found = await ignoreNotFound(context.aws.ec2.describeLaunchTemplates({ LaunchTemplateNames }));
  return (found?.LaunchTemplates ?? []).length > 0;
}
