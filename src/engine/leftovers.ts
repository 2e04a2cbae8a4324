import type { Graph } from "./graph.js";
import type { Kind, PendingDeletions, RunContext, Tagged } from "./kind.js";
import type { Observations } from "./observe.js";
import { isAdopted } from "./ownership.js";
import { pendingDeletions, ownersInUse, type Removal } from "./remove.js";
import { stableHash } from "./stable-hash.js";

/**
 * The resources with the owners' tags that are not in the graph: their description no longer contains them. Those
 * with the name of a node are among them if names do not identify them: see `withoutObserved`.
 */
export async function findLeftovers<Context extends RunContext>(
  kinds: readonly Kind<Tagged, unknown, Context>[],
  owners: readonly string[],
  graph: Graph<Context>,
  context: Context,
): Promise<Removal<Context>[]> {
  const found = await findTagged(kinds, owners, graph, context);
  return found
    .filter(({ isInGraph, removal }) => !isInGraph || removal.namesakeOf !== undefined)
    .map(toRemoval)
    .filter(({ tags }) => !isAdopted(tags));
}

/**
 * Without the resources that the graph contains: under another name, because some names are made of what can change
 * outside, or as the one of several with the same name that its node has read.
 */
export function withoutObserved<Context extends RunContext>(
  removals: readonly Removal<Context>[],
  observations: Observations<Context>,
): Removal<Context>[] {
  const observed = new Set(
    [...observations.values()].flatMap(({ node, observed: found }) =>
      found === undefined ? [] : [identityOf(node.kind, found.state)],
    ),
  );
  return removals.filter(
    ({ kind, state, namesakeOf }) =>
      !observed.has(identityOf(kind, state)) &&
      (namesakeOf === undefined || observations.get(namesakeOf)?.observed !== undefined),
  );
}

const identityOf = <Context extends RunContext>(
  kind: Kind<Tagged, unknown, Context>,
  state: unknown,
): string => `${kind.kind} ${kind.identity?.(state) ?? stableHash(state)}`;

/**
 * The shared resources that lose their last user with the leftovers (the cluster that a service has left,
 * the load balancer that nothing routes to). An owner of which the graph uses a resource, described or
 * only looked up, has no orphans.
 *
 * @param replaced - owners whose resources have been replaced: candidates, regardless of their users
 */
export async function findOrphans<Context extends RunContext>(
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
  const candidates = [...new Set(owners)].filter((owner) => !described.has(owner));
  const tagged = await findTagged(kinds, candidates, graph, context);
  const used = new Set(tagged.filter(({ isInGraph }) => isInGraph).map(({ removal }) => removal.owner));
  const found = tagged.map(toRemoval).filter(({ owner, tags }) => !used.has(owner) && !isAdopted(tags));
  return withoutOwnersInUse(found, pendingDeletions([...leftovers, ...found]), context);
}

interface TaggedResource<Context extends RunContext> {
  readonly removal: Removal<Context>;
  /** True if the graph has a node of that name in the same scope, whatever its owner. */
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
        // The scope distinguishes it from the node of the same name in another scope.
        const isInGraph = twin !== undefined && twin.scope === one.scope;
        const identity = isInGraph ? kind.identity?.(one.state) : undefined;
        const name = twin === undefined || isInGraph ? one.name : `${one.scope}/${one.name}`;
        const id = `${kind.kind}/${name}${identity === undefined ? "" : ` (${identity})`}`;
        const namesakeOf = identity === undefined ? undefined : twin?.id;
        return { removal: { ...one, id, kind, name, owner, needs: [], namesakeOf }, isInGraph };
      });
    }),
  );
  return (await Promise.all(lookups)).flat();
}

/** The resources of the owners that have no other users. */
async function withoutOwnersInUse<Context extends RunContext>(
  removals: readonly Removal<Context>[],
  pending: PendingDeletions,
  context: Context,
): Promise<Removal<Context>[]> {
  const inUse = await ownersInUse(removals, pending, context);
  return removals.filter(({ owner }) => !inUse.has(owner));
}
