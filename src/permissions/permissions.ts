import type { PolicyDocument } from "../aws/policy-document.js";
import type { PermissionOptionsSpec } from "../spec/permission-options.js";
import { adoptions } from "./adoptions.js";
import { changes } from "./changes.js";
import { creations } from "./creations.js";
import { reads } from "./reads.js";
import { roles } from "./roles.js";
import { factsOf, type PermissionScope } from "./scope.js";
import { buildStatement, statementInputs } from "./statement.js";

/** Returns the least policy with which the operations on what the scope describes succeed. */
export function permissionsOf(scope: PermissionScope, options: PermissionOptionsSpec): PolicyDocument {
  const inputs = statementInputs(factsOf(scope), options);
  const statements = [
    ...reads(inputs),
    ...creations(inputs),
    ...changes(inputs),
    ...roles(inputs),
    ...adoptions(inputs),
  ];
  return {
    Version: "2012-10-17",
    Statement: statements.flatMap((statement) => buildStatement(statement, options.for) ?? []),
  };
}
