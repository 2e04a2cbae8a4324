import type { PolicyConditions } from "../../aws/policy-document.js";
import { matchesPattern } from "./match-pattern.js";

/** Returns the values of a condition key in the request; `undefined` if the request does not have the key. */
export type KeyLookup = (key: string) => readonly string[] | undefined;

type Compare = (wanted: string, actual: string) => boolean;

const equal: Compare = (wanted, actual) => wanted === actual;
const equalIgnoringCase: Compare = (wanted, actual) => wanted.toLowerCase() === actual.toLowerCase();

/** ARNs are compared part by part: a wildcard does not reach over a colon, except in the last part. */
function arnMatches(wanted: string, actual: string): boolean {
  const split = (arn: string): string[] => {
    const parts = arn.split(":");
    return [...parts.slice(0, 5), parts.slice(5).join(":")];
  };
  const parts = split(actual);
  return split(wanted).every((pattern, index) => matchesPattern(pattern, parts[index] ?? ""));
}

/** Source: IAM User Guide, "IAM JSON policy elements: Condition operators". */
const operators: Readonly<Record<string, { readonly compare: Compare; readonly negated?: boolean }>> = {
  StringEquals: { compare: equal },
  StringNotEquals: { compare: equal, negated: true },
  StringEqualsIgnoreCase: { compare: equalIgnoringCase },
  StringNotEqualsIgnoreCase: { compare: equalIgnoringCase, negated: true },
  StringLike: { compare: matchesPattern },
  StringNotLike: { compare: matchesPattern, negated: true },
  ArnEquals: { compare: arnMatches },
  ArnLike: { compare: arnMatches },
  ArnNotEquals: { compare: arnMatches, negated: true },
  ArnNotLike: { compare: arnMatches, negated: true },
  Bool: { compare: equalIgnoringCase },
};

/** True if all conditions hold: each operator, each key, and one value of each key. */
export const conditionsHold = (conditions: PolicyConditions, valuesOf: KeyLookup): boolean =>
  Object.entries(conditions).every(([operator, keys]) =>
    Object.entries(keys).every(([key, wanted]) =>
      holds(operator, typeof wanted === "string" ? [wanted] : wanted, valuesOf(key)),
    ),
  );

function holds(name: string, wanted: readonly string[], actual: readonly string[] | undefined): boolean {
  if (name === "Null") return wanted.some((value) => (value === "true") === (actual === undefined));
  const [, set, base, ifExists] = /^(?:(ForAnyValue|ForAllValues):)?(\w+?)(IfExists)?$/.exec(name) ?? [];
  const operator = operators[base ?? ""];
  if (operator === undefined)
    throw new Error(
      `The local cloud does not support the condition operator ${name} of the caller's policy.`,
    );
  const { compare, negated = false } = operator;
  if (actual === undefined) return ifExists !== undefined || set === "ForAllValues" || negated;
  const matches = (value: string): boolean => wanted.some((each) => compare(each, value)) !== negated;
  if (set === "ForAllValues") return actual.every(matches);
  return set === "ForAnyValue" || !negated ? actual.some(matches) : actual.every(matches);
}
