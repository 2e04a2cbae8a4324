import type { Graph } from "./graph.js";
import type { Kind, Leaving, RunContext, Tagged, Tags } from "./kind.js";
import type { Observations } from "./observe.js";
import { reported } from "./apply.js";
import { Ledger } from "./outcome.js";
import { isAdopted, isOwnedBy } from "./ownership.js";
import type { Change } from "./plan.js";

/** Something that is there and ours. */
export interface Removal<Context extends RunContext> {
  readonly id: string;
  readonly kind: Kind<Tagged, unknown, Context>;
  readonly name: string;
  readonly state: unknown;
  readonly tags: Tags;
  /** Ids of what it needs in the graph; empty for what was only found by its tags. */
  readonly needs: readonly string[];
}

export interface Kept {
  readonly resource: string;
  readonly name: string;
  readonly why: string;
}

/** What carries the owners' tags and is not in the graph: described once, and no more. */
export async function findLeftovers<Context extends RunContext>(
  kinds: readonly Kind<Tagged, unknown, Context>[],
  owners: readonly string[],
  graph: Graph<Context>,
  context: Context,
): Promise<Removal<Context>[]> {
  const lookups = kinds.flatMap((kind) =>
    owners.map(async (owner) => {
      const found = (await kind.findOwned?.(owner, context)) ?? [];
      return found
        .map(({ name, state, tags }) => ({ id: `${kind.kind}/${name}`, kind, name, state, tags, needs: [] }))
        .filter((removal) => graph.node(removal.id) === undefined && !isAdopted(removal.tags));
    }),
  );
  return (await Promise.all(lookups)).flat();
}

/**
 * What of the graph a destroy deletes and what it keeps, with the reason. What several deployments
 * share goes only when nobody else uses it.
 */
export async function planRemovals<Context extends RunContext>(
  graph: Graph<Context>,
  observations: Observations<Context>,
  leftovers: readonly Removal<Context>[],
  context: Context,
): Promise<{ removals: Removal<Context>[]; kept: Kept[] }> {
  const ours: Removal<Context>[] = [...leftovers];
  const kept: Kept[] = [];
  const ownerOf = new Map<string, string>();

  for (const { node, observed } of observations.values()) {
    if (observed === undefined || node.kind.delete === undefined) continue;
    const keep = (why: string) => kept.push({ resource: node.kind.kind, name: node.name, why });
    if (!isOwnedBy(observed.tags, node.owner)) {
      keep("it does not carry this deployment's tags: quayside did not make it");
    } else if (isAdopted(observed.tags)) {
      keep("it existed before quayside took it over (adopt)");
    } else {
      ownerOf.set(node.id, node.owner!);
      const needs = node.needs.map(([, need]) => need.ref.id);
      ours.push({
        id: node.id,
        kind: node.kind,
        name: node.name,
        state: observed.state,
        tags: observed.tags,
        needs,
      });
    }
  }

  const inUse = await ownersInUse(ours, ownerOf, observations, context);
  const removals = ours.filter((removal) => {
    const why = inUse.get(ownerOf.get(removal.id) ?? "");
    if (why === undefined) return true;
    kept.push({ resource: removal.kind.kind, name: removal.name, why });
    return false;
  });
  return keepWhatIsNeeded(graph, observations, removals, kept);
}

/** Owners of which a resource still serves somebody else: owner -> why all of it is kept. */
async function ownersInUse<Context extends RunContext>(
  ours: readonly Removal<Context>[],
  ownerOf: ReadonlyMap<string, string>,
  observations: Observations<Context>,
  context: Context,
): Promise<Map<string, string>> {
  const leaving: Leaving = {
    has: (kind, name) => ours.some((removal) => removal.kind.kind === kind && removal.name === name),
  };
  const inUse = new Map<string, string>();
  await Promise.all(
    ours.map(async ({ id, kind, name }) => {
      const observed = observations.get(id)?.observed;
      const owner = ownerOf.get(id);
      if (kind.usedBy === undefined || observed === undefined || owner === undefined) return;
      const users = await kind.usedBy(observed, leaving, context);
      if (users.length > 0) inUse.set(owner, `${kind.kind} ${name} is still used by ${users.join(", ")}`);
    }),
  );
  return inUse;
}

/** What an adopted resource stands on stays with it. */
function keepWhatIsNeeded<Context extends RunContext>(
  graph: Graph<Context>,
  observations: Observations<Context>,
  removals: Removal<Context>[],
  kept: Kept[],
): { removals: Removal<Context>[]; kept: Kept[] } {
  const staying = new Map<string, string>();
  for (const { node, observed } of [...observations.values()].reverse()) {
    const adopted = observed !== undefined && isAdopted(observed.tags);
    if (!adopted && !staying.has(node.id)) continue;
    for (const [, need] of graph.node(node.id)!.needs)
      staying.set(need.ref.id, `${node.kind.kind} ${node.name} stands on it`);
  }
  const going = removals.filter((removal) => {
    const why = staying.get(removal.id);
    if (why !== undefined) kept.push({ resource: removal.kind.kind, name: removal.name, why });
    return why === undefined;
  });
  return { removals: going, kept };
}

/** Why something found only by its tags is deleted, or something described is. */
export const removalChange = <Context extends RunContext>(
  removal: Removal<Context>,
  reason: string,
): Change => ({
  action: "delete",
  resource: removal.kind.kind,
  name: removal.name,
  fields: [],
  reason,
});

/** Deletes everything given, each after what stands on it; returns what is gone, in order. */
export async function removeAll<Context extends RunContext>(
  removals: readonly Removal<Context>[],
  context: Context,
): Promise<Removal<Context>[]> {
  const ledger = new Ledger();
  const gone: Removal<Context>[] = [];
  const deletions = new Map<string, Promise<void>>();

  const deletion = (removal: Removal<Context>): Promise<void> => {
    const running = deletions.get(removal.id);
    if (running !== undefined) return running;
    const started = remove(removal);
    deletions.set(removal.id, started);
    return started;
  };
  const remove = async (removal: Removal<Context>): Promise<void> => {
    const entry = ledger.plan(removalChange(removal, ""));
    await Promise.resolve();
    const standing = removals.filter((other) => other !== removal && dependsOn(other, removal));
    await Promise.all(standing.map(deletion));
    context.signal.throwIfAborted();
    try {
      await reported(removal, "delete", context, () => removal.kind.delete!(removal.state, context));
    } catch (error) {
      ledger.fail(error);
      throw error;
    }
    ledger.done(entry);
    gone.push(removal);
  };

  await Promise.allSettled(removals.map(deletion));
  if (ledger.failed || context.signal.aborted) throw ledger.error(context.signal);
  return gone;
}

const dependsOn = <Context extends RunContext>(removal: Removal<Context>, other: Removal<Context>): boolean =>
  removal.needs.includes(other.id) || (removal.kind.dependsOn ?? []).includes(other.kind.kind);
