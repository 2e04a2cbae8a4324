import type { AwsContext } from "../aws/context.js";
import { ignoreNotFound } from "../aws/not-found.js";
import { paginate } from "../aws/paginate.js";
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
      // Another run may delete it meanwhile.
      const found = await ignoreNotFound(context.aws.iam.getRolePolicy({ RoleName: roleName, PolicyName }));
      if (found === undefined) return [];
      return [[PolicyName, parseDocument(decodeURIComponent(found.PolicyDocument ?? ""))] as const];
    }),
  );
  return Object.fromEntries(policies.flat());
}
