import type { PolicyDocument } from "../aws/policy-document.js";
import { permissionsOf } from "../permissions/permissions.js";
import type { PermissionScope } from "../permissions/scope.js";
import { Issues } from "../spec/parsing/issues.js";
import {
  parsePermissionOptions,
  type ChainOperations,
  type PermissionPurpose,
} from "../spec/permission-options.js";

/** Returns the policy for a chain's operations, after its options are validated. */
export function permissionsFor(
  scope: Partial<PermissionScope>,
  operations: readonly PermissionPurpose[] | ChainOperations,
  options: unknown,
  subject: string,
): PolicyDocument {
  const issues = new Issues();
  const chosen = "all" in operations ? operations : { all: operations, defaults: operations };
  const parsed = parsePermissionOptions(options, chosen, issues);
  issues.throwIfAny(subject);
  // A refresh deploys, too.
  const purposes = parsed.for.includes("refresh") ? [...parsed.for, "deploy" as const] : parsed.for;
  return permissionsOf(
    { deployments: [], jobs: [], clusters: [], loadBalancers: [], networks: [], ...scope },
    { ...parsed, for: purposes },
  );
}
