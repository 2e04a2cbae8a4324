import type { Graph } from "./graph.js";
import type { Kind, PendingDeletions, RunContext, Tagged } from "./kind.js";
import type { Observations } from "./observe.js";
import { isAdopted } from "./ownership.js";
import { ownersInUse, pendingDeletions } from "./owners-in-use.js";
import type { Removal } from "./removal.js";
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
  observations?: Promise<Observations<Context>>,
): Promise<Removal<Context>[]> {
  const found = await findTagged(kinds, owners, graph, context, observations);
  return found
    .filter(({ isInGraph, removal }) => !isInGraph || removal.namesakeOf !== undefined)
    .map(toRemoval)
    .filter(({ tags }) => !isAdopted(tags));
}

/** The resources that have the name of a described one, and are in another place: in the VPC that was left. */
export async function findElsewhere<Context extends RunContext>(
  kinds: readonly Kind<Tagged, unknown, Context>[],
  owners: readonly string[],
  graph: Graph<Context>,
  context: Context,
  observations: Promise<Observations<Context>>,
): Promise<Removal<Context>[]> {
  const placed = kinds.filter(({ elsewhere }) => elsewhere !== undefined);
  const found = await findTagged(placed, owners, graph, context, observations);
  return found
    .filter(({ isInGraph, hasTwin, removal }) => hasTwin && !isInGraph && !isAdopted(removal.tags))
    .map(toRemoval);
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
  return removals.filter(({ kind, state }) => !observed.has(identityOf(kind, state)));
}

/** Without those that have the name of a node which the run creates: AWS may then return the same resource. */
export const withoutCreated = <Context extends RunContext>(
  removals: readonly Removal<Context>[],
  observations: Observations<Context>,
): Removal<Context>[] =>
  removals.filter(
    ({ namesakeOf }) => namesakeOf === undefined || observations.get(namesakeOf)?.observed !== undefined,
  );

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
  const pending = pendingDeletions([...leftovers, ...found]);
  // What this run brings to another place uses the one that it leaves no longer.
  const has: PendingDeletions["has"] = (kind, name) => {
    const isDescribed = graph.nodes.some(
      (node) =>
        node.kind.kind === kind &&
        (node.scope === undefined ? node.name === name : `${node.scope}/${node.name}` === name),
    );
    return pending.has(kind, name) || isDescribed;
  };
  return withoutOwnersInUse(found, { has }, context);
}

/**
 * Asks what decides whether the owners' resources are deleted, as soon as they are found. The answers are for the
 * memory of the run.
 */
export async function askUsers<Context extends RunContext>(
  kinds: readonly Kind<Tagged, unknown, Context>[],
  owners: readonly string[],
  graph: Graph<Context>,
  context: Context,
): Promise<void> {
  const nothing = pendingDeletions<Context>([]);
  const asked = kinds.flatMap((kind) =>
    owners.map(async (owner) => {
      const found = await findTagged([kind], [owner], graph, context);
      const questions = found.map(({ removal }) =>
        Promise.allSettled([
          kind.usedBy?.(removal, nothing, context),
          kind.protectedBy?.(removal, context),
          kind.blockedBy?.(removal, nothing, context),
          kind.askBeforeDeletion?.(removal.state, context),
        ]),
      );
      await Promise.all(questions);
    }),
  );
  await Promise.allSettled(asked);
}

interface TaggedResource<Context extends RunContext> {
  readonly removal: Removal<Context>;
  /** True if the graph has a node of that name in the same scope, whatever its owner. */
  readonly isInGraph: boolean;
  /** True if the graph has a node of that name, in whatever scope. */
  readonly hasTwin: boolean;
}

const toRemoval = <Context extends RunContext>({ removal }: TaggedResource<Context>): Removal<Context> =>
  removal;

async function findTagged<Context extends RunContext>(
  kinds: readonly Kind<Tagged, unknown, Context>[],
  owners: readonly string[],
  graph: Graph<Context>,
  context: Context,
  observing?: Promise<Observations<Context>>,
): Promise<TaggedResource<Context>[]> {
  const lookups = kinds.flatMap((kind) =>
    owners.map(async (owner): Promise<TaggedResource<Context>[]> => {
      const isDescribed = (name: string) => graph.node(`${kind.kind}/${name}`)?.owner === owner;
      const found = (await kind.findOwned?.(owner, context, isDescribed)) ?? [];
      const observations = kind.elsewhere === undefined ? undefined : await observing;
      return found.map((one) => {
        const twin = graph.node(`${kind.kind}/${one.name}`);
        const desired = twin && observations?.get(twin.id)?.desired;
        const place = (desired && kind.elsewhere?.(one.state, desired)) ?? one.scope;
        // Its place distinguishes it from the node of the same name in another one.
        const isInGraph = twin !== undefined && twin.scope === place;
        const identity = isInGraph ? kind.identity?.(one.state) : undefined;
        const name = twin === undefined || isInGraph ? one.name : `${place}/${one.name}`;
        const id = `${kind.kind}/${name}${identity === undefined ? "" : ` (${identity})`}`;
        const namesakeOf = identity === undefined ? undefined : twin?.id;
        return {
          removal: { ...one, id, kind, name, owner, needs: [], namesakeOf },
          isInGraph,
          hasTwin: twin !== undefined,
        };
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
