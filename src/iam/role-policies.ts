import type { AwsContext } from "../aws/context.js";
import { ignoreNotFound } from "../aws/not-found.js";
import { fromTags } from "../aws/tags.js";
import type { Tags } from "../engine/kind.js";
import { parseDocument } from "./trust-policy.js";

interface Page {
  readonly IsTruncated?: boolean | undefined;
  readonly Marker?: string | undefined;
}

/** Every page of one of IAM's lists. */
export async function allPages<P extends Page, Item>(
  list: (marker: { Marker?: string }) => Promise<P>,
  items: (page: P) => readonly Item[] | undefined,
): Promise<Item[]> {
  const all: Item[] = [];
  let marker: { Marker?: string } = {};
  for (;;) {
    const page = await list(marker);
    all.push(...(items(page) ?? []));
    if (page.IsTruncated !== true || page.Marker === undefined) return all;
    marker = { Marker: page.Marker };
  }
}

/** ARNs of the managed policies on a role. */
export async function attachedPolicies(roleName: string, { aws }: AwsContext): Promise<string[]> {
  const policies = await allPages(
    (marker) => aws.iam.listAttachedRolePolicies({ RoleName: roleName, ...marker }),
    (page) => page.AttachedPolicies,
  );
  return policies.flatMap(({ PolicyArn }) => (PolicyArn === undefined ? [] : [PolicyArn]));
}

export const inlinePolicyNames = (roleName: string, { aws }: AwsContext): Promise<string[]> =>
  allPages(
    (marker) => aws.iam.listRolePolicies({ RoleName: roleName, ...marker }),
    (page) => page.PolicyNames,
  );

/** Name -> document, parsed. */
export async function inlinePolicies(
  roleName: string,
  context: AwsContext,
): Promise<Record<string, unknown>> {
  const names = await inlinePolicyNames(roleName, context);
  const policies = await Promise.all(
    names.map(async (PolicyName) => {
      const { PolicyDocument = "" } = await context.aws.iam.getRolePolicy({ RoleName: roleName, PolicyName });
      return [PolicyName, parseDocument(decodeURIComponent(PolicyDocument))] as const;
    }),
  );
  return Object.fromEntries(policies);
}

/** The roles under a path, with their tags, which lists do not give. */
export async function rolesUnder(
  path: string,
  { aws }: AwsContext,
  isLookedAt: (name: string) => boolean = () => true,
): Promise<{ arn: string; roleName: string; tags: Tags }[]> {
  const roles = await allPages(
    (marker) => aws.iam.listRoles({ PathPrefix: path, ...marker }),
    (page) => page.Roles,
  );
  const found = await Promise.all(
    roles
      .filter(({ RoleName = "" }) => isLookedAt(RoleName))
      .map(({ RoleName }) => ignoreNotFound(aws.iam.getRole({ RoleName: RoleName! }))),
  );
  return found.flatMap((answer) =>
    answer?.Role === undefined
      ? []
      : [
          {
            arn: answer.Role.Arn ?? "",
            roleName: answer.Role.RoleName ?? "",
            tags: fromTags(answer.Role.Tags),
          },
        ],
  );
}
