import type { AwsContext } from "../aws/context.js";
import { labelOf } from "../engine/attribution.js";
import { apply, cannotReplace } from "../engine/apply.js";
import type { Change } from "../engine/plan.js";
import { removeAll } from "../engine/remove.js";
import { createServiceLinkedRoles } from "../iam/service-linked-roles.js";
import { orphansShownLate } from "./removals.js";
import { forgetPlacesLeft } from "./places.js";
import type { PlannedGraph } from "./plan/plan-graph.js";
import { createPlan, edgesOf, withPlan } from "./plan/create-plan.js";
import { scopeOf } from "./plan/plan-scope.js";
import { blockedWarning } from "./warnings/plan-warnings.js";

export interface ApplyHooks {
  /** Runs before anything is created or changed. */
  readonly before?: () => Promise<void>;
  /** Runs once everything works, and before anything is deleted. */
  readonly after?: (states: ReadonlyMap<string, unknown>) => Promise<void>;
}

/** Applies the plan; ends when the goals are ready and everything that is no longer needed is deleted. */
export async function applyPlan(
  planned: PlannedGraph,
  context: AwsContext,
  { before, after }: ApplyHooks = {},
): Promise<ReadonlyMap<string, unknown>> {
  const { graph, observations, steps, removals } = planned;
  const warn = await beginApply(planned, context);
  await before?.();
  const linked = createServiceLinkedRoles(createdKinds(planned.changes), context);
  const { states, narrow } = await apply(graph, steps, context, { before: linked });
  await after?.(states);
  await narrow();
  const { kept } = await removeAll(removals, context);
  for (const one of kept) warn(blockedWarning(one), one.deployment);
  if (kept.length === 0) {
    await removeAll(await orphansShownLate(planned, context), context);
    await forgetPlacesLeft(observations, states, context);
  }
  return states;
}

/** Warns, in a run for several deployments about one of them. */
export type Warn = (message: string, deployment?: string) => void;

/** Refuses what AWS cannot change, and tells the plan. Returns how to warn of more. */
export async function beginApply(
  { blocked, changes, graph, warnings, warned }: PlannedGraph,
  context: AwsContext,
): Promise<Warn> {
  const replaced = changes.filter((change) => change.action === "replace");
  if (replaced.length > 0) throw cannotReplace(replaced);
  // An image that cannot be built fails the deploy before anything is changed.
  if (changes.some(({ resource, action }) => resource === "image" && action === "create"))
    await context.cloud.images.check(context.signal);
  const scope = await scopeOf(context);
  context.endLooking();
  const planned = {
    type: "planned",
    at: context.clock.now(),
    startedAt: context.startedAt,
    ...scope,
    ...deploymentsIn(graph, context),
    ...count(changes),
  } as const;
  context.emit(withPlan(planned, createPlan(changes, edgesOf(graph), warnings, scope)));
  const warn: Warn = (message, deployment) =>
    context.emit({ type: "warning", at: context.clock.now(), ...labelOf(deployment), message });
  for (const message of warnings) warn(message, warned?.get(message));
  for (const one of blocked) warn(blockedWarning(one), one.deployment);
  return warn;
}

/** Of a fleet: the names of its deployments. */
function deploymentsIn(
  { nodes }: PlannedGraph["graph"],
  { deploymentOf }: AwsContext,
): { readonly deployments?: readonly string[] } {
  if (deploymentOf === undefined) return {};
  const names = nodes.flatMap(({ owner }) => deploymentOf(owner) ?? []);
  return { deployments: [...new Set(names)] };
}

/** The kinds of the resources that a plan creates. */
export const createdKinds = (changes: readonly Pick<Change, "action" | "resource">[]): readonly string[] =>
  changes.filter(({ action }) => action === "create").map(({ resource }) => resource);

/** The state of a node after the run. */
export const stateOf = <State>(
  states: ReadonlyMap<string, unknown>,
  ref: { readonly id: string; readonly __state?: State } | undefined,
): State | undefined => (ref === undefined ? undefined : (states.get(ref.id) as State));

function count(changes: readonly Change[]): Record<"create" | "update" | "delete" | "none", number> {
  const counts = { create: 0, update: 0, delete: 0, none: 0 };
  for (const { action } of changes) if (action !== "replace") counts[action]++;
  return counts;
}
