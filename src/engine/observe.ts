import { AwsError, QuaysideError } from "../errors.js";
import { attributed } from "./attribution.js";
import type { Graph, Node } from "./graph.js";
import type { Observed, RunContext, Tagged, Tags } from "./kind.js";
import { contextForOwner } from "./kind.js";
import { HASH_TAG, KIND_TAG, OWNER_TAG } from "./ownership.js";
import { stableHash } from "./stable-hash.js";

/** A node and the resource that was found under its name. */
export interface Observation<Context extends RunContext> {
  readonly node: Node<Context>;
  /** The desired state with the owner's tags; fields that depend on resources to be created are UNKNOWN. */
  readonly desired: Tagged;
  readonly observed: Observed<Tagged, unknown> | undefined;
}

export type Observations<Context extends RunContext> = ReadonlyMap<string, Observation<Context>>;

/**
 * How lookups are read: one without a result fails the run, or does not; or only those are made that a destroy needs,
 * and none fails.
 */
export type Lookups = "required" | "optional" | "to-destroy";

/** Reads all nodes concurrently; each one as soon as its parent is known. */
export async function observe<Context extends RunContext>(
  graph: Graph<Context>,
  context: Context,
  lookups: Lookups = "required",
): Promise<Observations<Context>> {
  const pending = new Map<string, Promise<Observation<Context>>>();
  for (const node of graph.nodes) {
    const observation = attributed(context.deploymentOf?.(node.owner), () =>
      observeNode(node, pending, context, lookups),
    );
    observation.catch(() => {});
    pending.set(node.id, observation);
  }
  const observations = await settleAll([...pending.values()]);
  return new Map(observations.map((observation) => [observation.node.id, observation]));
}

async function observeNode<Context extends RunContext>(
  node: Node<Context>,
  pending: ReadonlyMap<string, Promise<Observation<Context>>>,
  context: Context,
  lookups: Lookups,
): Promise<Observation<Context>> {
  const states: Record<string, unknown> = {};
  for (const [key, need] of node.needs) {
    const needed = await pending.get(need.ref.id)!;
    states[key] = needed.observed?.state ?? needed.node.kind.unknown;
  }
  context.signal.throwIfAborted();
  const desired = desiredOf(node, states);
  if (!isAsked(node, lookups)) return { node, desired, observed: undefined };
  const isLookup = node.kind.create === undefined;
  try {
    const observed = await node.kind.read(desired, contextForOwner(node.owner, context));
    if (observed === undefined && isLookup && lookups === "required") {
      throw node.kind.notFoundError?.(desired) ?? new Error(`${node.kind.kind} ${node.name} does not exist`);
    }
    return { node, desired, observed };
  } catch (error) {
    // A missing permission is not the same as a missing resource: a destroy that sees less would delete less.
    const isNotFound = error instanceof QuaysideError && !(error instanceof AwsError);
    if (!isLookup || !isNotFound || lookups === "required" || context.signal.aborted) throw error;
    return { node, desired, observed: undefined };
  }
}

/** False if the answer would be of no use. */
export const isAsked = <Context extends RunContext>({ kind }: Node<Context>, lookups: Lookups): boolean =>
  kind.isForDeploy !== true || lookups !== "to-destroy";

/** The node's desired state with its owner's tags. */
export function desiredOf<Context extends RunContext>(
  node: Node<Context>,
  states: Record<string, unknown>,
): Tagged {
  const desired = node.desired(states);
  if (node.owner === undefined) return desired;
  const hashed = node.kind.hashed?.(desired);
  const tags: Tags = {
    ...desired.tags,
    [OWNER_TAG]: node.owner,
    [KIND_TAG]: node.kind.kind,
    ...(hashed === undefined ? {} : { [HASH_TAG]: stableHash(hashed) }),
  };
  return { ...desired, tags };
}

/** Like `Promise.all`, but rejects only when all promises have settled. */
async function settleAll<T>(promises: readonly Promise<T>[]): Promise<T[]> {
  const results = await Promise.allSettled(promises);
  const failed = results.find((result) => result.status === "rejected");
  if (failed !== undefined) throw failed.reason;
  return results.map((result) => (result as PromiseFulfilledResult<T>).value);
}
