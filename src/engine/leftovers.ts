import type { Graph } from "./graph.js";
import type { Kind, PendingDeletions, RunContext, Tagged } from "./kind.js";
import { isAdopted } from "./ownership.js";
import { leavingOf, ownersInUse, type Removal } from "./remove.js";

/** What carries the owners' tags and is not in the graph: described once, and no more. */
export async function findLeftovers<Context extends RunContext>(
  kinds: readonly Kind<Tagged, unknown, Context>[],
  owners: readonly string[],
  graph: Graph<Context>,
  context: Context,
): Promise<Removal<Context>[]> {
  const found = await findTagged(kinds, owners, graph, context);
  return found.filter(({ isInGraph, removal }) => !isInGraph && !isAdopted(removal.tags)).map(toRemoval);
}

/**
 * What the leftovers were in and nobody describes any more (the cluster that a service has left, the
 * load balancer that nothing routes to): it goes with its last user. What the graph uses, described or
 * only looked up, is not left, nor anything else of its owner.
 *
 * @param replaced - owners of what something else has taken the place of, whoever used it
 */
export async function findUnusedShared<Context extends RunContext>(
  kinds: readonly Kind<Tagged, unknown, Context>[],
  leftovers: readonly Removal<Context>[],
  graph: Graph<Context>,
  context: Context,
  replaced: readonly string[] = [],
): Promise<Removal<Context>[]> {
  const described = new Set(graph.nodes.map(({ owner }) => owner));
  const owners = [
    ...leftovers.flatMap((leftover) => leftover.kind.parentOwners?.(leftover) ?? []),
    ...replaced,
  ];
  const left = [...new Set(owners)].filter((owner) => !described.has(owner));
  const tagged = await findTagged(kinds, left, graph, context);
  const used = new Set(tagged.filter(({ isInGraph }) => isInGraph).map(({ removal }) => removal.owner));
  const found = tagged.map(toRemoval).filter(({ owner, tags }) => !used.has(owner) && !isAdopted(tags));
  return withoutUsed(found, leavingOf([...leftovers, ...found]), context);
}

interface TaggedResource<Context extends RunContext> {
  readonly removal: Removal<Context>;
  /** Under the same name in the same place, whoever owns it there. */
  readonly isInGraph: boolean;
}

const toRemoval = <Context extends RunContext>({ removal }: TaggedResource<Context>): Removal<Context> =>
  removal;

async function findTagged<Context extends RunContext>(
  kinds: readonly Kind<Tagged, unknown, Context>[],
  owners: readonly string[],
  graph: Graph<Context>,
  context: Context,
): Promise<TaggedResource<Context>[]> {
  const lookups = kinds.flatMap((kind) =>
    owners.map(async (owner): Promise<TaggedResource<Context>[]> => {
      const isDescribed = (name: string) => graph.node(`${kind.kind}/${name}`)?.owner === owner;
      const found = (await kind.findOwned?.(owner, context, isDescribed)) ?? [];
      return found.map((one) => {
        const twin = graph.node(`${kind.kind}/${one.name}`);
        // Told apart from what is described under the same name somewhere else.
        const name = twin === undefined ? one.name : `${one.scope}/${one.name}`;
        const removal = { ...one, id: `${kind.kind}/${name}`, kind, name, owner, needs: [] };
        return { removal, isInGraph: twin !== undefined && twin.scope === one.scope };
      });
    }),
  );
  return (await Promise.all(lookups)).flat();
}

/** Only what belongs to owners that nobody else uses. */
async function withoutUsed<Context extends RunContext>(
  removals: readonly Removal<Context>[],
  leaving: PendingDeletions,
  context: Context,
): Promise<Removal<Context>[]> {
  const inUse = await ownersInUse(removals, leaving, context);
  return removals.filter(({ owner }) => !inUse.has(owner));
}
