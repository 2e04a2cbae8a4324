import type { Action, LocalScope } from "./events.js";
import type { FieldChange } from "./kind.js";

export interface Change {
  readonly action: Action;
  /** The resource's kind: `target-group`. */
  readonly resource: string;
  readonly name: string;
  /** In a fleet's plan: the deployment that owns the resource; `undefined` if deployments share it. */
  readonly deployment?: string | undefined;
  readonly fields: readonly FieldChange[];
  /** The reason in words; empty for `none`. */
  readonly reason: string;
}

/** Where a plan is for. */
export interface PlanScope {
  /** The id of the caller's account; `undefined` if AWS STS did not answer. */
  readonly account: string | undefined;
  readonly region: string;
  /** Set on the local cloud; absent on AWS, and at any other endpoint. */
  readonly local?: LocalScope | undefined;
}

/** The changes that a deploy would make. Creating a plan changes nothing. */
export interface Plan extends PlanScope {
  readonly changes: readonly Change[];
  /** True if nothing would be changed. */
  readonly isEmpty: boolean;
  /** What the user should know before the deploy. */
  readonly warnings: readonly string[];
  toString(): string;
  toJSON(): unknown;
  /** The resources and their dependencies as a Mermaid flowchart, colored by action. */
  toMermaid(): string;
  /** The plan as Markdown, for a pull request or a job summary: tables, and the picture of `toMermaid()`. */
  toMarkdown(): string;
}
