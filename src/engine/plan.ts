import type { Action } from "./events.js";
import type { FieldChange } from "./kind.js";

export interface Change {
  readonly action: Action;
  /** The resource's kind: `target-group`. */
  readonly resource: string;
  readonly name: string;
  readonly fields: readonly FieldChange[];
  /** The reason in words; empty for `none`. */
  readonly reason: string;
}

/** The changes that a deploy would make. Creating a plan changes nothing. */
export interface Plan {
  readonly changes: readonly Change[];
  /** True if nothing would be changed. */
  readonly isEmpty: boolean;
  /** What the user should know before the deploy. */
  readonly warnings: readonly string[];
  toString(): string;
  toJSON(): unknown;
  /** The resources and their dependencies as a Mermaid flowchart, colored by action. */
  toMermaid(): string;
}
