import type { PolicyDocument } from "../aws/policy-document.js";
import { permissionsOf } from "../permissions/permissions.js";
import type { PermissionScope } from "../permissions/scope.js";
import { Issues } from "../spec/parsing/issues.js";
import { parsePermissionOptions, type PermissionPurpose } from "../spec/permission-options.js";

/** Returns the policy for a chain's operations, after its options are validated. */
export function permissionsFor(
  scope: Partial<PermissionScope>,
  operations: readonly PermissionPurpose[],
  options: unknown,
  subject: string,
): PolicyDocument {
  const issues = new Issues();
  const parsed = parsePermissionOptions(options, operations, issues);
  issues.throwIfAny(subject);
  return permissionsOf({ deployments: [], jobs: [], clusters: [], loadBalancers: [], ...scope }, parsed);
}
