import type { Action } from "../engine/events.js";
import { escaped, mapTexts } from "../printable.js";
import type { Change, PlanScope } from "../engine/plan.js";

export interface PlanJson extends Partial<PlanScope> {
  readonly isEmpty: boolean;
  readonly summary: Readonly<Record<Action, number>>;
  readonly changes: readonly Change[];
  readonly warnings: readonly string[];
}

/** The plan as plain data, for other programs. */
export function planToJson(
  changes: readonly Change[],
  warnings: readonly string[] = [],
  scope?: PlanScope,
): PlanJson {
  const summary = { create: 0, update: 0, replace: 0, delete: 0, none: 0 };
  for (const { action } of changes) summary[action] += 1;
  return {
    ...scope,
    isEmpty: summary.none === changes.length,
    summary,
    ...mapTexts({ changes, warnings }, escaped),
  };
}
