import type { Action } from "../../engine/events.js";

/** A resource in a run: from its call to its readiness. Times are milliseconds since the epoch. */
export interface TimelineRow {
  readonly id: string;
  readonly resource: string;
  readonly name: string;
  readonly action: Action;
  readonly needs: readonly string[];
  readonly start: number;
  /** When the call had succeeded; `undefined` while it had not. */
  created: number | undefined;
  /** When it could be used, if the run waited for that. */
  ready: number | undefined;
  failed: { readonly at: number; readonly message: string } | undefined;
  readonly waits: { readonly at: number; readonly why: string }[];
  isCritical: boolean;
}
