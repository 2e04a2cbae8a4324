import { formatValue } from "./parsing/format-value.js";
import { isPlainObject } from "./parsing/frozen-copy.js";
import type { Issues } from "./parsing/issues.js";
import { unknownOption } from "./parsing/options-reader.js";

type Override = (input: never) => unknown;

/**
 * Merges the overrides of all calls; a later override of the same operation wins.
 *
 * @param operations - the operations that can be overridden
 */
export function parseOverrides(
  calls: readonly unknown[],
  operations: readonly string[],
  issues: Issues,
): Readonly<Record<string, Override>> {
  const overrides = new Map<string, Override>();
  for (const call of calls) {
    if (!isPlainObject(call)) {
      issues.add("override", `must be an object of functions; got ${formatValue(call)}`);
      continue;
    }
    for (const [operation, override] of Object.entries(call)) {
      const path = `override.${operation}`;
      if (override === undefined) continue;
      if (!operations.includes(operation)) issues.add(path, unknownOption(operation, operations));
      else if (typeof override === "function") overrides.set(operation, override as Override);
      else
        issues.add(
          path,
          `must be a function that takes and returns the request's input; got ${formatValue(override)}`,
        );
    }
  }
  return Object.freeze(Object.fromEntries(overrides));
}
