import type { AwsContext } from "../aws/context.js";
import type { Graph } from "../engine/graph.js";
import { observe } from "../engine/observe.js";
import { planRemovals, removeAll } from "../engine/remove.js";
import { leftoversOfDestroy } from "./orphans.js";
import type { Destroyed } from "./results.js";

/** Deletes what the graph's owners have, and of what is shared what nobody else uses. */
export async function destroyGraph(graph: Graph<AwsContext>, context: AwsContext): Promise<Destroyed> {
  const observations = await observe(graph, context, "optional");
  const leftovers = await leftoversOfDestroy(graph, observations, context);
  const { removals, kept } = await planRemovals(graph, observations, leftovers, context);
  context.emit({
    type: "planned",
    at: context.clock.now(),
    create: 0,
    update: 0,
    delete: removals.length,
    none: kept.length,
  });
  const gone = await removeAll(removals, context);
  return { deleted: gone.map(({ kind, name }) => ({ resource: kind.kind, name })), kept };
}
