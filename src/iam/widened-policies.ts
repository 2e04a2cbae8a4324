import { isDeepStrictEqual } from "node:util";
import { listOf } from "./trust-policy.js";

/** Name -> policy document. */
type Policies = Readonly<Record<string, unknown>>;

/** The policies to write so that everything stays allowed that a policy of the same name allows; without those that do. */
export const widened = (desired: Policies, present: Policies): Policies =>
  Object.fromEntries(
    Object.entries(desired).flatMap(([name, document]) => {
      const wider = withStatementsOf(document, present[name]);
      return isDeepStrictEqual(wider, present[name]) ? [] : [[name, wider]];
    }),
  );

/** The policies to write once nothing needs more than what is desired: those that were widened. */
export const narrowed = (desired: Policies, present: Policies): Policies =>
  Object.fromEntries(
    Object.entries(desired).filter(
      ([name, document]) => !isDeepStrictEqual(withStatementsOf(document, present[name]), document),
    ),
  );

/** The statements of both that allow something, without those that another covers; the present ones first. */
function withStatementsOf(desired: unknown, present: unknown): unknown {
  const own = statementsOf(desired);
  const former = statementsOf(present).filter(({ Effect }) => Effect === "Allow");
  const isCovered = (statement: Statement, by: readonly Statement[]) =>
    by.some((each) => covers(each, statement));
  if (former.every((statement) => isCovered(statement, own))) return desired;
  const isSame = (statement: Statement) => own.some((each) => isDeepStrictEqual(each, statement));
  const kept = former.filter((statement) => isSame(statement) || !isCovered(statement, own));
  const added = own.filter((statement) => !isCovered(statement, kept));
  return { ...(desired as object), Statement: [...kept, ...added] };
}

interface Statement {
  readonly Effect?: unknown;
  readonly Resource?: unknown;
}

const statementsOf = (document: unknown): readonly Statement[] =>
  listOf((document as { readonly Statement?: unknown } | undefined)?.Statement) as readonly Statement[];

/** True if the two differ in nothing but that one has all resources of the other. */
function covers({ Resource: wide, ...one }: Statement, { Resource: narrow, ...other }: Statement): boolean {
  const resources = listOf(wide);
  return isDeepStrictEqual(one, other) && listOf(narrow).every((resource) => resources.includes(resource));
}
