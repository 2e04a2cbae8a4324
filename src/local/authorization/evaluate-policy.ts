import type { PolicyDocument, PolicyStatement } from "../../aws/policy-document.js";
import { conditionsHold, type KeyLookup } from "./conditions.js";
import { matchesPattern } from "./match-pattern.js";

export type Decision = "allowed" | "implicitly-denied" | "explicitly-denied";

/**
 * Evaluates an identity-based policy as IAM does: an explicit Deny wins, and what no statement allows is denied.
 * Source: IAM User Guide, "Policy evaluation logic".
 */
export function evaluatePolicy(
  policy: PolicyDocument,
  action: string,
  resource: string,
  valuesOf: KeyLookup,
): Decision {
  const applying = policy.Statement.filter(
    (statement) =>
      coversAction(statement, action) &&
      coversResource(statement, resource) &&
      conditionsHold(statement.Condition ?? {}, valuesOf),
  );
  if (applying.some(({ Effect }) => Effect === "Deny")) return "explicitly-denied";
  return applying.some(({ Effect }) => Effect === "Allow") ? "allowed" : "implicitly-denied";
}

/** Which actions a statement was found to cover: the same few are asked for again and again. */
const covered = new WeakMap<PolicyStatement, Map<string, boolean>>();

function coversAction(statement: PolicyStatement, action: string): boolean {
  let known = covered.get(statement);
  if (known === undefined) covered.set(statement, (known = new Map()));
  let covers = known.get(action);
  if (covers === undefined) known.set(action, (covers = matchesAction(statement, action)));
  return covers;
}

/** Actions are compared without regard to case, resources with regard to it. */
function matchesAction({ Action, NotAction }: PolicyStatement, action: string): boolean {
  const matches = (patterns: string | readonly string[]): boolean =>
    listOf(patterns).some((pattern) => matchesPattern(pattern.toLowerCase(), action.toLowerCase()));
  return NotAction === undefined ? matches(Action ?? []) : !matches(NotAction);
}

function coversResource({ Resource, NotResource }: PolicyStatement, resource: string): boolean {
  const matches = (patterns: string | readonly string[]): boolean =>
    listOf(patterns).some((pattern) => matchesPattern(pattern, resource));
  return NotResource === undefined ? matches(Resource ?? []) : !matches(NotResource);
}

const listOf = (value: string | readonly string[]): readonly string[] =>
  typeof value === "string" ? [value] : value;
