import { formatValue } from "./format-value.js";
import { isPlainObject } from "./frozen-copy.js";
import type { Issues } from "./issues.js";

/**
 * One object of several calls' options: a later call wins, and leaves alone what it does not mention.
 * The keys in `byEntry` hold maps (environment, secrets), which are merged entry by entry.
 */
export function mergeOptions(
  calls: readonly unknown[],
  path: string,
  issues: Issues,
  byEntry: readonly string[] = [],
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
      const both = byEntry.includes(key) && isPlainObject(before) && isPlainObject(value);
      merged.set(key, both ? { ...before, ...value } : value);
    }
  }
  return Object.fromEntries(merged);
}
