import type { AwsContext } from "../aws/context.js";
import { ignoreNotFound } from "../aws/not-found.js";
import { paginate } from "../aws/paginate.js";
import { fromTags } from "../aws/tags.js";
import type { Tags } from "../engine/kind.js";
import { parseDocument } from "./trust-policy.js";

/** ARNs of the managed policies on a role. */
export async function attachedPolicies(roleName: string, { aws }: AwsContext): Promise<string[]> {
  const policies = await paginate(
    "Marker",
    (next) => aws.iam.listAttachedRolePolicies({ RoleName: roleName, ...next }),
    (page) => page.AttachedPolicies,
  );
  return policies.flatMap(({ PolicyArn }) => (PolicyArn === undefined ? [] : [PolicyArn]));
}

export const inlinePolicyNames = (roleName: string, { aws }: AwsContext): Promise<string[]> =>
  paginate(
    "Marker",
    (next) => aws.iam.listRolePolicies({ RoleName: roleName, ...next }),
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

/** The roles under a path, with their tags, which lists do not return. */
export async function rolesUnder(
  path: string,
  { aws }: AwsContext,
  isIncluded: (name: string) => boolean = () => true,
): Promise<{ arn: string; roleName: string; tags: Tags }[]> {
  const roles = await paginate(
    "Marker",
    (next) => aws.iam.listRoles({ PathPrefix: path, ...next }),
    (page) => page.Roles,
  );
  const found = await Promise.all(
    roles
      .filter(({ RoleName = "" }) => isIncluded(RoleName))
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
