import type { Graph } from "./graph.js";
import type { Kind, Leaving, RunContext, Tagged } from "./kind.js";
import { isAdopted } from "./ownership.js";
import { ownersInUse, leavingOf, type Removal } from "./remove.js";

/** What carries the owners' tags and is not in the graph: described once, and no more. */
export async function findLeftovers<Context extends RunContext>(
  kinds: readonly Kind<Tagged, unknown, Context>[],
  owners: readonly string[],
  graph: Graph<Context>,
  context: Context,
): Promise<Removal<Context>[]> {
  const lookups = kinds.flatMap((kind) =>
    owners.map(async (owner): Promise<Removal<Context>[]> => {
      const isDescribed = (name: string) => graph.node(`${kind.kind}/${name}`)?.owner === owner;
      const found = (await kind.findOwned?.(owner, context, isDescribed)) ?? [];
      return found.flatMap((one) => {
        const twin = graph.node(`${kind.kind}/${one.name}`);
        if (isAdopted(one.tags) || (twin !== undefined && twin.scope === one.scope)) return [];
        // Told apart from what is described under the same name somewhere else.
        const name = twin === undefined ? one.name : `${one.scope}/${one.name}`;
        return [{ ...one, id: `${kind.kind}/${name}`, kind, name, owner, needs: [] }];
      });
    }),
  );
  return (await Promise.all(lookups)).flat();
}

/**
 * What the leftovers were in and nobody describes any more (the cluster that a service has left, the
 * load balancer that nothing routes to): it goes with its last user.
 *
 * @param replaced - owners of what something else has taken the place of, whoever used it
 */
export async function findAbandoned<Context extends RunContext>(
  kinds: readonly Kind<Tagged, unknown, Context>[],
  leftovers: readonly Removal<Context>[],
  graph: Graph<Context>,
  context: Context,
  replaced: readonly string[] = [],
): Promise<Removal<Context>[]> {
  const described = new Set(graph.nodes.map(({ owner }) => owner));
  const owners = [...leftovers.flatMap((leftover) => leftover.kind.within?.(leftover) ?? []), ...replaced];
  const left = [...new Set(owners)].filter((owner) => !described.has(owner));
  const found = await findLeftovers(kinds, left, graph, context);
  return withoutUsed(found, leavingOf([...leftovers, ...found]), context);
}

/** Only what belongs to owners that nobody else uses. */
async function withoutUsed<Context extends RunContext>(
  removals: readonly Removal<Context>[],
  leaving: Leaving,
  context: Context,
): Promise<Removal<Context>[]> {
  const inUse = await ownersInUse(removals, leaving, context);
  return removals.filter(({ owner }) => !inUse.has(owner));
}
