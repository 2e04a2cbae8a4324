import type { Action } from "../engine/events.js";

const words: readonly (readonly [Action | "kept", string])[] = [
  ["create", "to create"],
  ["update", "to update"],
  ["replace", "to replace"],
  ["delete", "to delete"],
  ["none", "unchanged"],
  ["kept", "to keep"],
];

/** `3 to create, 1 to delete, 12 unchanged`; empty if there are no resources. */
export const countText = (counts: Readonly<{ [word in Action | "kept"]?: number | undefined }>): string =>
  words
    .filter(([action]) => (counts[action] ?? 0) > 0)
    .map(([action, word]) => `${counts[action]} ${word}`)
    .join(", ");

/** What each action has done. */
export const past: Readonly<Record<Action, string>> = {
  create: "created",
  update: "updated",
  replace: "replaced",
  delete: "deleted",
  none: "checked",
};

/** `19 created, 1 deleted`; empty if nothing was done. */
export const doneText = (counts: ReadonlyMap<Action, number>): string =>
  words
    .flatMap(([action]) => {
      const count = action === "kept" ? 0 : (counts.get(action) ?? 0);
      return count === 0 ? [] : [`${count} ${past[action as Action]}`];
    })
    .join(", ");
