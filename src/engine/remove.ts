import { reported } from "./apply.js";
import { isDeletedMeanwhile } from "./deleted-meanwhile.js";
import type { Graph } from "./graph.js";
import { heldBy, splitRetained, toKept, withoutBlocked } from "./kept-removals.js";
import type { RunContext } from "./kind.js";
import { attribute } from "./attribution.js";
import { contextForOwner } from "./kind.js";
import type { Observations } from "./observe.js";
import { RunLog } from "./outcome.js";
import { ownersInUse, pendingDeletions, usersSincePlanned } from "./owners-in-use.js";
import { isAdopted, isOwnedBy, OWNER_TAG } from "./ownership.js";
import type { Change } from "./plan.js";
import type { Removal, Kept } from "./removal.js";
import { removalOrder } from "./removal-order.js";

/** Decides what a destroy deletes. Resources that several deployments share are kept while one of them is in use. */
export async function planRemovals<Context extends RunContext>(
  graph: Graph<Context>,
  observations: Observations<Context>,
  leftovers: readonly Removal<Context>[],
  context: Context,
): Promise<{ removals: Removal<Context>[]; kept: Kept[]; used: Removal<Context>[] }> {
  const ours: Removal<Context>[] = [...leftovers];
  const kept: Kept[] = [];

  for (const { node, observed } of observations.values()) {
    if (observed === undefined || node.kind.delete === undefined) continue;
    const { id, kind, name, scope, owner = "" } = node;
    if (observed.elsewhere !== undefined) {
      kept.push(toKept(node, `it belongs to ${observed.elsewhere.place}`, context));
    } else if (!isOwnedBy(observed.tags, owner)) {
      const other = observed.tags[OWNER_TAG];
      const why =
        other === undefined
          ? "it does not have this deployment's tags: quayside did not create it"
          : `it is owned by ${other}`;
      kept.push(toKept(node, why, context));
    } else if (isAdopted(observed.tags)) {
      const advice = kind.keptAlone === undefined ? "" : `: ${kind.keptAlone}`;
      kept.push(toKept(node, `it existed before quayside adopted it${advice}`, context));
    } else {
      const needs = node.needs.map(([, need]) => need.ref.id);
      ours.push({ id, kind, name, scope, owner, state: observed.state, tags: observed.tags, needs });
    }
  }

  const inUse = await ownersInUse([...ours, ...lookupsOf(observations)], pendingDeletions(ours), context);
  const used = ours.filter(({ owner }) => inUse.has(owner));
  const free = ours.filter(({ owner }) => !inUse.has(owner));
  const { deletable, retained } = await splitRetained(free, context);
  const own = retainDependencies(graph, observations, deletable, context);
  // What is kept still refers to others.
  const { unblocked, blocked } = await withoutBlocked(own.removals, context);
  const whys = used.map((removal) => toKept(removal, inUse.get(removal.owner)!, context));
  kept.push(
    ...whys,
    ...retained,
    ...own.kept,
    ...blocked.map(({ why, removal }) => toKept(removal, why, context)),
  );
  return { removals: unblocked, kept, used: [...used, ...blocked.map(({ removal }) => removal)] };
}

/**
 * What was kept because of other users, and has none any more: two last users that are destroyed at the same moment
 * keep it for each other.
 */
export async function withoutUsers<Context extends RunContext>(
  used: readonly Removal<Context>[],
  graph: Graph<Context>,
  observations: Observations<Context>,
  context: Context,
): Promise<Removal<Context>[]> {
  if (used.length === 0) return [];
  const inUse = await ownersInUse([...used, ...lookupsOf(observations)], pendingDeletions(used), context);
  const free = used.filter(({ owner }) => !inUse.has(owner));
  const { deletable } = await splitRetained(free, context);
  const own = retainDependencies(graph, observations, deletable, context);
  return (await withoutBlocked(own.removals, context)).unblocked;
}

/** Resources that are only looked up: their users also use what quayside has created around them. */
function lookupsOf<Context extends RunContext>(observations: Observations<Context>): Removal<Context>[] {
  return [...observations.values()].flatMap(({ node, observed }) => {
    const { id, kind, name, scope, owner } = node;
    if (kind.delete !== undefined || observed === undefined || owner === undefined) return [];
    return [{ id, kind, name, scope, owner, state: observed.state, tags: observed.tags, needs: [] }];
  });
}

/** Retains everything that an adopted resource depends on. */
function retainDependencies<Context extends RunContext>(
  graph: Graph<Context>,
  observations: Observations<Context>,
  removals: readonly Removal<Context>[],
  context: RunContext,
): { removals: Removal<Context>[]; kept: Kept[] } {
  const kept: Kept[] = [];
  const retained = new Map<string, string>();
  for (const { node, observed } of [...observations.values()].reverse()) {
    const isAlone = node.kind.keptAlone !== undefined;
    const adopted = observed !== undefined && isAdopted(observed.tags) && !isAlone;
    if (!adopted && !retained.has(node.id)) continue;
    for (const [, need] of graph.node(node.id)!.needs)
      retained.set(need.ref.id, `${node.kind.kind} ${node.name} depends on it`);
  }
  const deletable = removals.filter((removal) => {
    const why = retained.get(removal.id);
    if (why !== undefined) kept.push(toKept(removal, why, context));
    return why === undefined;
  });
  return { removals: deletable, kept };
}

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

/** What a run has deleted, in order, and what it has kept in the end. */
export interface Removed<Context extends RunContext> {
  readonly deleted: readonly Removal<Context>[];
  /** Resources that others have begun to use since they were planned. */
  readonly kept: readonly Kept[];
  /** The removals of these. */
  readonly used: readonly Removal<Context>[];
}

/**
 * Deletes the resources, each after its dependents. Services take minutes to drain: whether others use a cluster
 * or a load balancer meanwhile is asked again before each deletion.
 *
 * @param lookedAt - the time at which the run began to look. Default: now
 */
export async function removeAll<Context extends RunContext>(
  removals: readonly Removal<Context>[],
  context: Context,
  lookedAt = context.clock.now(),
): Promise<Removed<Context>> {
  const log = new RunLog();
  const deleted: Removal<Context>[] = [];
  const kept: Kept[] = [];
  const used: Removal<Context>[] = [];
  const deletions = new Map<string, Promise<void>>();
  const pending = pendingDeletions(removals);
  const order = removalOrder(removals);
  const isDeleted = (removal: Removal<Context>) => deleted.includes(removal);
  const whyInUse = usersSincePlanned(removals, pending, lookedAt, context, isDeleted);

  const whyHeld = async (removal: Removal<Context>): Promise<string | undefined> => {
    const own = contextForOwner(removal.owner, context);
    const left = pendingDeletions(removals.filter((other) => !used.includes(other)));
    const holders = (await removal.kind.stillBlockedBy?.(removal, left, own)) ?? [];
    return holders.length > 0 ? heldBy(holders) : undefined;
  };

  const deletion = (removal: Removal<Context>): Promise<void> => {
    const running = deletions.get(removal.id);
    if (running !== undefined) return running;
    const started = remove(removal);
    deletions.set(removal.id, started);
    return started;
  };
  const remove = async (removal: Removal<Context>): Promise<void> => {
    const deployment = context.deploymentOf?.(removal.owner);
    const entry = log.plan(removalChange(removal, ""), deployment);
    await Promise.resolve();
    const { after: dependents, parents } = order.get(removal)!;
    await beginDeletion(removal, dependents);
    await Promise.all(dependents.map(deletion));
    await Promise.allSettled(parents.map(deletion));
    context.signal.throwIfAborted();
    try {
      const why = parents.some(isDeleted)
        ? undefined
        : ((await whyInUse(removal)) ?? (await whyHeld(removal)));
      if (why !== undefined) {
        used.push(removal);
        kept.push(toKept(removal, why, context));
        return;
      }
      const own = contextForOwner(removal.owner, context);
      const needs = [...dependents, ...parents].map(({ kind, name }) => `${kind.kind}/${name}`);
      const isDeletedWithParent = parents.some(isDeleted);
      const work = async () => {
        if (isDeletedWithParent) return;
        await removal.kind.delete!(removal.state, own, pending, removal.tags).catch(
          async (error: unknown) => {
            if (!(await isDeletedMeanwhile(error, removal, own))) throw error;
          },
        );
      };
      await reported(removal, "delete", own, work, needs);
    } catch (error) {
      log.fail(attribute(error, deployment));
      throw error;
    }
    log.done(entry);
    deleted.push(removal);
  };

  /** Nothing is begun of what others have begun to use. What fails is done again, and reported, by the deletion. */
  const beginDeletion = async (removal: Removal<Context>, dependents: readonly Removal<Context>[]) => {
    const { deletionBegins } = removal.kind;
    if (deletionBegins === undefined) return;
    const { beside, begin } = deletionBegins;
    await Promise.all(dependents.filter(({ kind }) => !beside.includes(kind.kind)).map(deletion));
    const own = contextForOwner(removal.owner, context);
    try {
      if (!context.signal.aborted && (await whyInUse(removal)) === undefined) await begin(removal.state, own);
    } catch {
      context.signal.throwIfAborted();
    }
  };

  await Promise.allSettled(removals.map(deletion));
  if (log.failed || context.signal.aborted) throw log.error(context.signal);
  return { deleted, kept, used };
}
