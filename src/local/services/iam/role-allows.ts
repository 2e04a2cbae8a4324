import { evaluatePolicy } from "../../authorization/evaluate-policy.js";
import type { Account } from "../../core/account.js";
import { nameOf } from "../../core/arn.js";
import { policyOf } from "./role-policy.js";

/** True if the role's policies allow the action. A role that was not created in this cloud is assumed to allow it. */
export function roleAllows(
  account: Account,
  roleArn: string | undefined,
  action: string,
  resource: string,
  conditions: Readonly<Record<string, string>> = {},
): boolean {
  const role = roleArn === undefined ? undefined : account.iam.roles.get(nameOf(roleArn).toLowerCase());
  if (role === undefined) return roleArn !== undefined;
  const valueOf = (key: string) => (conditions[key] === undefined ? undefined : [conditions[key]]);
  return evaluatePolicy(policyOf(account, role), action, resource, valueOf) === "allowed";
}
