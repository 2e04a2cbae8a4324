import type { Action } from "./events.js";
import type { FieldChange } from "./kind.js";

export interface Change {
  readonly action: Action;
  /** The resource's kind: `target-group`. */
  readonly resource: string;
  readonly name: string;
  readonly fields: readonly FieldChange[];
  /** Why, in words; for `none` empty. */
  readonly reason: string;
}

/** What a deploy (or destroy) would do. Making one changes nothing. */
export interface Plan {
  readonly changes: readonly Change[];
  /** Nothing would be changed. */
  readonly isEmpty: boolean;
  /** What the user should know before it runs. */
  readonly warnings: readonly string[];
  toString(): string;
  toJSON(): unknown;
  /** The resources and what needs what, as a Mermaid flowchart colored by action. */
  toMermaid(): string;
}
