import type { Account } from "../../core/account.js";
import { nameOf } from "../../core/arn.js";
import { recordRoleUse } from "../iam/role-use.js";

interface Statement {
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
}

/** The permissions of the role's own policies; conditions are assumed to be met. */
export function permissionsOf(
  account: Account,
  roleArn: string,
): (action: string, resource: string) => boolean {
  const role = account.iam.roles.get(nameOf(roleArn).toLowerCase());
  if (role === undefined) throw new Error("The role of the target does not exist.");
  recordRoleUse(account, role);
  const statements = [...role.inline.values()].flatMap(
    (document) => (JSON.parse(document) as { Statement: Statement[] }).Statement,
  );
  return (action, resource) =>
    statements.some(
      ({ Action, Resource }) =>
        [Action].flat().includes(action) && [Resource].flat().some((pattern) => covers(pattern, resource)),
    );
}

const covers = (pattern: string, resource: string): boolean =>
  new RegExp(`^${pattern.replace(/[.+^${}()|[\]\\]/g, "\\$&").replaceAll("*", ".*")}$`).test(resource);
