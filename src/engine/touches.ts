import { isUnder } from "./diff.js";
import type { FieldChange } from "./kind.js";

/** Whether one of the changes is to one of the fields, or to something in it. */
export const touches = (changes: readonly FieldChange[], ...fields: readonly string[]): boolean =>
  changes.some(({ path }) => isUnder(path, fields));
