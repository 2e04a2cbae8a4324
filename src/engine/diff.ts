import type { FieldChange } from "./kind.js";

/**
 * The differences, field by field. First-level keys that only one side has are ignored: a key that only
 * `current` has was not described, and AWS does not report one that only `desired` has. Below the first
 * level they count.
 */
export function diff(desired: object, current: object): FieldChange[] {
  const changes: FieldChange[] = [];
  for (const [key, after] of Object.entries(desired)) {
    if (key === "tags" || !(key in current)) continue;
    compare(key, (current as Record<string, unknown>)[key], after, changes);
  }
  return changes;
}

/** The described tags that are missing or have a different value; tags of other tools are ignored. */
export function diffTags(
  desired: Readonly<Record<string, string>>,
  current: Readonly<Record<string, string>>,
): FieldChange[] {
  return Object.entries(desired)
    .filter(([key, value]) => current[key] !== value)
    .map(([key, after]) => ({ path: `tags.${key}`, before: current[key], after }));
}

/** The first-level keys of the desired state that AWS does not report. */
export const unreported = (desired: object, current: object): string[] =>
  Object.entries(desired)
    .filter(([key, value]) => key !== "tags" && value !== undefined && !(key in current))
    .map(([key]) => key);

/** True if `path` is one of `prefixes` or below one. */
export const isUnder = (path: string, prefixes: readonly string[]): boolean =>
  prefixes.some((prefix) => path === prefix || path.startsWith(`${prefix}.`));

function compare(path: string, before: unknown, after: unknown, changes: FieldChange[]): void {
  if (Object.is(before, after)) return;
  if (Array.isArray(before) && Array.isArray(after)) {
    const length = Math.max(before.length, after.length);
    for (let index = 0; index < length; index++) {
      compare(`${path}.${index}`, before[index], after[index], changes);
    }
    return;
  }
  if (isPlainObject(before) && isPlainObject(after)) {
    for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
      compare(`${path}.${key}`, before[key], after[key], changes);
    }
    return;
  }
  changes.push({ path, before, after });
}

const isPlainObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** True if one of the changes is to one of the fields, or below it. */
export const hasChanges = (changes: readonly FieldChange[], ...fields: readonly string[]): boolean =>
  changes.some(({ path }) => isUnder(path, fields));

/** Sorts a set that AWS reports in any order: first the described items, in their order, then the rest. */
export function sortLike(described: readonly string[], reported: readonly string[]): readonly string[] {
  const there = new Set(reported);
  const rest = reported.filter((item) => !described.includes(item));
  return [...described.filter((item) => there.has(item)), ...rest.sort()];
}
