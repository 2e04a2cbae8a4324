import type { FieldChange, Tagged, Tags } from "../engine/kind.js";

/** The described tags that are missing or different. Other tags are left alone. */
export function changedTags(desired: Tagged, changes: readonly FieldChange[]): Tags | undefined {
  const keys = changes.flatMap(({ path }) => (path.startsWith("tags.") ? [path.slice("tags.".length)] : []));
  const tags = Object.fromEntries(
    keys.flatMap((key) => {
      const value = desired.tags[key];
      return value === undefined ? [] : [[key, value] as const];
    }),
  );
  return Object.keys(tags).length === 0 ? undefined : tags;
}
