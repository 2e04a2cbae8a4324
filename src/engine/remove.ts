import { reported } from "./apply.js";
import type { Graph } from "./graph.js";
import type { Found, Kind, PendingDeletions, RunContext, Tagged } from "./kind.js";
import { contextForOwner } from "./kind.js";
import type { Observations } from "./observe.js";
import { RunLog } from "./outcome.js";
import { isAdopted, isOwnedBy } from "./ownership.js";
import type { Change } from "./plan.js";

/** Something that is there and ours. */
export interface Removal<Context extends RunContext> extends Found<unknown> {
  readonly id: string;
  readonly kind: Kind<Tagged, unknown, Context>;
  /** As in its tag `quayside:owner`. */
  readonly owner: string;
  /** Ids of what it needs in the graph; empty for what was only found by its tags. */
  readonly needs: readonly string[];
}

export interface Kept {
  readonly resource: string;
  readonly name: string;
  readonly why: string;
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

  for (const { node, observed } of observations.values()) {
    if (observed === undefined || node.kind.delete === undefined) continue;
    const { id, kind, name, scope, owner = "" } = node;
    if (!isOwnedBy(observed.tags, owner)) {
      kept.push(keep(node, "it does not carry this deployment's tags: quayside did not make it"));
    } else if (isAdopted(observed.tags)) {
      kept.push(keep(node, "it existed before quayside took it over (adopt)"));
    } else {
      const needs = node.needs.map(([, need]) => need.ref.id);
      ours.push({ id, kind, name, scope, owner, state: observed.state, tags: observed.tags, needs });
    }
  }

  const leaving = leavingOf(ours);
  const [inUse, held] = await Promise.all([
    ownersInUse([...ours, ...lookedUp(observations)], leaving, context),
    heldByOthers(ours, leaving, context),
  ]);
  const removals = ours.filter((removal) => {
    const why = inUse.get(removal.owner) ?? held.get(removal.id);
    if (why !== undefined) kept.push(keep(removal, why));
    return why === undefined;
  });
  const { going, staying } = await withoutKept(removals, context);
  kept.push(...staying);
  return keepWhatIsNeeded(graph, observations, going, kept);
}

/** Sorts out what holds something that would be lost with it. */
export async function withoutKept<Context extends RunContext>(
  removals: readonly Removal<Context>[],
  context: Context,
): Promise<{ readonly going: Removal<Context>[]; readonly staying: Kept[] }> {
  const going: Removal<Context>[] = [];
  const staying: Kept[] = [];
  const reasons = await Promise.all(
    removals.map(async ({ kind, state }) => kind.retainReason?.(state, context)),
  );
  for (const [index, removal] of removals.entries()) {
    const why = reasons[index];
    if (why === undefined) going.push(removal);
    else staying.push({ resource: removal.kind.kind, name: removal.name, why });
  }
  return { going, staying };
}

/** Sorts out what others hold on to, who neither leave nor are described: what is described is what it will be. */
export async function withoutHeld<Context extends RunContext>(
  removals: readonly Removal<Context>[],
  graph: Graph<Context>,
  context: Context,
): Promise<{ readonly going: Removal<Context>[]; readonly staying: Kept[] }> {
  const leaving = leavingOf(removals);
  const has: PendingDeletions["has"] = (kind, name) =>
    leaving.has(kind, name) || graph.node(`${kind}/${name}`) !== undefined;
  const held = await heldByOthers(removals, { has }, context);
  return {
    going: removals.filter(({ id }) => !held.has(id)),
    staying: removals.flatMap((removal) => {
      const why = held.get(removal.id);
      return why === undefined ? [] : [keep(removal, why)];
    }),
  };
}

/** What is never deleted, but used: whoever uses it also uses what is its owner's around it. */
function lookedUp<Context extends RunContext>(observations: Observations<Context>): Removal<Context>[] {
  return [...observations.values()].flatMap(({ node, observed }) => {
    const { id, kind, name, scope, owner } = node;
    if (kind.delete !== undefined || observed === undefined || owner === undefined) return [];
    return [{ id, kind, name, scope, owner, state: observed.state, tags: observed.tags, needs: [] }];
  });
}

const keep = (
  { kind, name }: { readonly kind: { readonly kind: string }; readonly name: string },
  why: string,
): Kept => ({ resource: kind.kind, name, why });

export const leavingOf = <Context extends RunContext>(
  removals: readonly Removal<Context>[],
): PendingDeletions => ({
  has: (kind, name) =>
    removals.some((removal) => {
      const isIt = removal.name === name || removal.name === `${removal.scope}/${name}`;
      return removal.kind.kind === kind && isIt;
    }),
});

/** Owners of which a resource still serves somebody else: owner -> why all of it is kept. */
export async function ownersInUse<Context extends RunContext>(
  removals: readonly Removal<Context>[],
  leaving: PendingDeletions,
  context: Context,
): Promise<ReadonlyMap<string, string>> {
  const users = await Promise.all(
    removals.map(async (removal) => removal.kind.usedBy?.(removal, leaving, context)),
  );
  const inUse = new Map<string, string>();
  for (const [index, { kind, name, owner }] of removals.entries()) {
    const names = users[index] ?? [];
    if (names.length === 0 || inUse.has(owner)) continue;
    inUse.set(owner, `${kind.kind} ${name} is still used by ${names.join(", ")}`);
  }
  return inUse;
}

/** What something of others holds on to: id -> why it alone is kept. */
async function heldByOthers<Context extends RunContext>(
  removals: readonly Removal<Context>[],
  leaving: PendingDeletions,
  context: Context,
): Promise<ReadonlyMap<string, string>> {
  const held = new Map<string, string>();
  await Promise.all(
    removals.map(async (removal) => {
      const holders = (await removal.kind.blockedBy?.(removal, leaving, context)) ?? [];
      if (holders.length > 0) held.set(removal.id, `${holders.join(", ")} still refers to it`);
    }),
  );
  return held;
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
    if (why !== undefined) kept.push(keep(removal, why));
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
  const ledger = new RunLog();
  const gone: Removal<Context>[] = [];
  const deletions = new Map<string, Promise<void>>();
  const leaving = leavingOf(removals);

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
      await reported(removal, "delete", context, () =>
        removal.kind.delete!(removal.state, contextForOwner(removal.owner, context), leaving),
      );
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
