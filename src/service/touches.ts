import type { FieldChange } from "../engine/kind.js";

/** Whether one of the changes is to `field`, or to something in it. */
export const touches = (changes: readonly FieldChange[], field: string): boolean =>
  changes.some(({ path }) => path === field || path.startsWith(`${field}.`));
