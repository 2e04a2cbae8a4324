import type { AwsContext } from "../aws/context.js";
import { apply, cannotReplace } from "../engine/apply.js";
import type { Change } from "../engine/plan.js";
import { removeAll } from "../engine/remove.js";
import type { PlannedGraph } from "./plan/plan-graph.js";
import { heldWarning } from "./warnings/plan-warnings.js";

export interface ApplyHooks {
  /** What has to be out of the way first. */
  readonly before?: () => Promise<void>;
  /** What is moved once everything works, and before what it was moved from goes. */
  readonly after?: (states: ReadonlyMap<string, unknown>) => Promise<void>;
}

/** Does what was prepared; ends when the goals are ready and what is no longer described is gone. */
export async function applyPlan(
  { graph, steps, leftovers, held, changes, warnings }: PlannedGraph,
  context: AwsContext,
  { before, after }: ApplyHooks = {},
): Promise<ReadonlyMap<string, unknown>> {
  const replaced = changes.filter((change) => change.action === "replace");
  if (replaced.length > 0) throw cannotReplace(replaced);
  // Before anything is changed: what cannot be built stops the deploy at its door.
  if (changes.some(({ resource, action }) => resource === "image" && action === "create"))
    await context.cloud.images.check(context.signal);
  context.emit({ type: "planned", at: context.clock.now(), ...count(changes) });
  for (const message of [...warnings, ...held.map(heldWarning)])
    context.emit({ type: "warning", at: context.clock.now(), message });

  await before?.();
  const states = await apply(graph, steps, context);
  await after?.(states);
  await removeAll(leftovers, context);
  return states;
}

/** What a node turned out to be. */
export const stateOf = <State>(
  states: ReadonlyMap<string, unknown>,
  ref: { readonly id: string; readonly __state?: State } | undefined,
): State | undefined => (ref === undefined ? undefined : (states.get(ref.id) as State));

function count(changes: readonly Change[]): Record<"create" | "update" | "delete" | "none", number> {
  const counts = { create: 0, update: 0, delete: 0, none: 0 };
  for (const { action } of changes) if (action !== "replace") counts[action]++;
  return counts;
}
