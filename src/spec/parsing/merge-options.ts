import { formatValue } from "./format-value.js";
import { isPlainObject } from "./frozen-copy.js";
import type { Issues } from "./issues.js";

/**
 * Merges the options of several calls into one object. A later call overrides only the options that it
 * sets. Options listed in `mapOptions` hold maps (environment, secrets), which are merged key by key.
 */
export function mergeOptions(
  calls: readonly unknown[],
  path: string,
  issues: Issues,
  mapOptions: readonly string[] = [],
): Readonly<Record<string, unknown>> {
  const merged = new Map<string, unknown>();
  for (const call of calls) {
    if (call === undefined) continue;
    if (!isPlainObject(call)) {
      issues.add(path, `must be an object of options; got ${formatValue(call)}`);
      continue;
    }
    for (const [key, value] of Object.entries(call)) {
      if (value === undefined) continue;
      const before = merged.get(key);
      const both = mapOptions.includes(key) && isPlainObject(before) && isPlainObject(value);
      merged.set(key, both ? { ...before, ...value } : value);
    }
  }
  return Object.fromEntries(merged);
}
