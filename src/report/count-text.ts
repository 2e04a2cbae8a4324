import type { Action } from "../engine/events.js";

const words: readonly (readonly [Action, string])[] = [
  ["create", "to create"],
  ["update", "to update"],
  ["replace", "to replace"],
  ["delete", "to delete"],
  ["none", "unchanged"],
];

/** `3 to create, 1 to delete, 12 unchanged`; empty if there are no resources. */
export const countText = (counts: Readonly<Partial<Record<Action, number>>>): string =>
  words
    .filter(([action]) => (counts[action] ?? 0) > 0)
    .map(([action, word]) => `${counts[action]} ${word}`)
    .join(", ");
