import type { AwsContext } from "../aws/context.js";
import type { Graph } from "../engine/graph.js";
import { observe } from "../engine/observe.js";
import { planRemovals, removeAll } from "../engine/remove.js";
import { scopeOf } from "./plan/plan-scope.js";
import { removalsOfDestroy } from "./removals.js";
import type { Destroyed } from "./results.js";

/** Deletes everything that the graph's owners own, and the shared resources that have no other users. */
export async function destroyGraph(graph: Graph<AwsContext>, context: AwsContext): Promise<Destroyed> {
  const [observations, scope] = await Promise.all([observe(graph, context, "optional"), scopeOf(context)]);
  const undescribed = await removalsOfDestroy(graph, observations, context);
  const { removals, kept } = await planRemovals(graph, observations, undescribed, context);
  context.emit({
    type: "planned",
    at: context.clock.now(),
    ...scope,
    create: 0,
    update: 0,
    delete: removals.length,
    none: kept.length,
  });
  const removed = await removeAll(removals, context);
  const deleted = removed.deleted.map(({ kind, name }) => ({ resource: kind.kind, name }));
  return { deleted, kept: [...kept, ...removed.kept] };
}
