import type { Graph } from "./graph.js";
import { contextForOwner, type RunContext } from "./kind.js";
import { desiredOf } from "./observe.js";

/**
 * Reads every node at once, as if nothing that it needs was known: what a kind finds by its name does not wait for the
 * others. The answers are for the memory of the run.
 */
export async function ask<Context extends RunContext>(
  graph: Graph<Context>,
  context: Context,
): Promise<void> {
  await Promise.allSettled(
    graph.nodes.map(async (node) => {
      const unknown = Object.fromEntries(
        node.needs.map(([key, { ref }]) => [key, graph.node(ref.id)!.kind.unknown]),
      );
      await node.kind.read(desiredOf(node, unknown), contextForOwner(node.owner, context));
    }),
  );
}
