import type { Graph, Node } from "./graph.js";
import { contextForOwner, type RunContext } from "./kind.js";
import { desiredOf, isAsked, type Lookups } from "./observe.js";

/**
 * Reads every node at once, as if nothing that it needs was known: what a kind finds by its name does not wait for the
 * others. The answers are for the memory of the run.
 */
export async function ask<Context extends RunContext>(
  graph: Graph<Context>,
  context: Context,
  lookups: Lookups,
): Promise<void> {
  await Promise.allSettled(
    graph.nodes.map(async (node) => {
      if (!isAsked(node, lookups)) return;
      const own = { ...contextForOwner(node.owner, context), isAhead: true };
      await node.kind.read(desiredOf(node, unknownStates(node, graph)), own);
    }),
  );
}

/** The states of a node's needs that do not exist yet. */
export const unknownStates = <Context extends RunContext>(
  { needs }: Node<Context>,
  graph: Graph<Context>,
): Record<string, unknown> =>
  Object.fromEntries(needs.map(([key, { ref }]) => [key, graph.node(ref.id)!.kind.unknown]));
