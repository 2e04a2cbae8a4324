import { QuaysideError } from "../errors.js";
import type { Kind, RunContext, Tagged } from "./kind.js";

/** A typed handle of a node: `State` is what nodes that need it get. */
export interface Ref<State> {
  readonly id: string;
  /** Exists only in types. */
  readonly __state?: State;
}

/** A need of another node, met once its identifiers are known (`created`) or once it is usable (`ready`). */
export interface Need<State> {
  readonly ref: Ref<State>;
  readonly until: "created" | "ready";
}

/** The need of a resource's identifiers; `undefined` if there is no such resource. */
export function created<State>(ref: Ref<State>): Need<State>;
export function created<State>(ref: Ref<State> | undefined): Need<State> | undefined;
export function created<State>(ref: Ref<State> | undefined): Need<State> | undefined {
  return ref && { ref, until: "created" };
}

/** The need of a usable resource; `undefined` if there is no such resource. */
export function ready<State>(ref: Ref<State>): Need<State>;
export function ready<State>(ref: Ref<State> | undefined): Need<State> | undefined;
export function ready<State>(ref: Ref<State> | undefined): Need<State> | undefined {
  return ref && { ref, until: "ready" };
}

/** What a node takes from other nodes: from one, from one that may be absent, or from several. */
export type Needs = Readonly<Record<string, Need<unknown> | readonly Need<unknown>[] | undefined>>;

/** The states of the needs, under the same names. */
export type NeededStates<N extends Needs> = { readonly [K in keyof N]: NeededState<N[K]> };

type NeededState<N> =
  N extends Need<infer State> ? State : N extends readonly Need<infer State>[] ? readonly State[] : undefined;

export type Claim = "own" | "share" | "use";

export interface NodeDescription<N extends Needs, Desired extends Tagged, State, Context extends RunContext> {
  readonly kind: Kind<Desired, State, Context>;
  readonly name: string;
  /** The owner, as in the tag `quayside:owner`; `undefined` for lookups, which have none. */
  readonly owner: string | undefined;
  /**
   * `own` (default): a resource of that name that quayside does not manage is refused or adopted.
   * `share`: such a resource is used as it is, and never changed or deleted.
   * `use`: like `own` when it is created, and never changed afterwards: another chain may describe it.
   */
  readonly claim?: Claim;
  /** True if several chains of a run say that they share it: a log group. @defaultValue `false` */
  readonly severalOwners?: boolean;
  /** The scope in which its name is unique, if that is not the account and region: a service's cluster. */
  readonly scope?: string | undefined;
  readonly needs: N;
  readonly desired: (needs: NeededStates<N>) => Desired;
}

/** A node with its types erased, as the engine uses it. */
export interface Node<Context extends RunContext> {
  readonly id: string;
  readonly name: string;
  readonly owner: string | undefined;
  readonly claim: Claim;
  readonly severalOwners: boolean;
  readonly scope: string | undefined;
  readonly kind: Kind<Tagged, unknown, Context>;
  readonly needs: readonly (readonly [string, Need<unknown>])[];
  readonly desired: (needs: Record<string, unknown>) => Tagged;
}

/** The desired resources and their needs. A node is added after its needs, so there can be no cycle. */
export class Graph<Context extends RunContext> {
  readonly #nodes = new Map<string, Node<Context>>();
  readonly #goals = new Set<string>();

  /** Adds a node. An ID that is added again is the same resource: its first description counts. */
  add<N extends Needs, Desired extends Tagged, State>(
    description: NodeDescription<N, Desired, State, Context>,
  ): Ref<State> {
    const id = `${description.kind.kind}/${description.name}`;
    const existing = this.#nodes.get(id);
    const isShared = existing?.severalOwners === true && description.severalOwners === true;
    if (existing !== undefined && existing.owner !== description.owner && !isShared) {
      throw describedTwice(description, existing.owner);
    }
    if (existing === undefined) {
      const needs = flatten(description.needs);
      for (const [, need] of needs) {
        if (!this.#nodes.has(need.ref.id))
          throw new Error(`${id} needs ${need.ref.id}, which is not in the graph`);
      }
      this.#nodes.set(id, {
        id,
        name: description.name,
        owner: description.owner,
        claim: description.claim ?? "own",
        severalOwners: description.severalOwners ?? false,
        scope: description.scope,
        kind: description.kind as unknown as Kind<Tagged, unknown, Context>,
        needs,
        desired: (states) => description.desired(statesOf(description.needs, states)),
      });
    }
    return { id };
  }

  /** Makes the run wait until this node is ready. */
  goal(ref: Ref<unknown>): void {
    this.#goals.add(ref.id);
  }

  get goals(): ReadonlySet<string> {
    return this.#goals;
  }

  /** All nodes, each after its needs. */
  get nodes(): readonly Node<Context>[] {
    return [...this.#nodes.values()];
  }

  node(id: string): Node<Context> | undefined {
    return this.#nodes.get(id);
  }
}

/** Two chains of a run give one name to two resources: neither of them can have it. */
const describedTwice = (
  {
    kind,
    name,
    owner,
  }: { readonly kind: { readonly kind: string }; readonly name: string; readonly owner: string | undefined },
  other: string | undefined,
): QuaysideError =>
  new QuaysideError(
    "described-twice",
    `Nothing was changed: ${kind.kind} ${name} is described by ${other ?? "a chain that uses it as it is"} and by ${owner ?? "a chain that uses it as it is"}`,
    {
      facts: { resource: kind.kind, name, owners: [other, owner] },
      fix: "Give each of them a name of its own, or describe the resource only once.",
    },
  );

/** The needs that are present, each under its own key. */
const flatten = (needs: Needs): (readonly [string, Need<unknown>])[] =>
  Object.entries(needs).flatMap(([key, need]) => {
    if (need === undefined) return [];
    return isSeveral(need)
      ? need.map((each, index) => [keyOf(key, index), each] as const)
      : [[key, need] as const];
  });

/** The opposite: the states of flattened needs, in the shape in which the needs were described. */
const statesOf = <N extends Needs>(needs: N, states: Readonly<Record<string, unknown>>): NeededStates<N> =>
  Object.fromEntries(
    Object.entries(needs).map(([key, need]) => [
      key,
      isSeveral(need) ? need.map((_, index) => states[keyOf(key, index)]) : states[key],
    ]),
  ) as NeededStates<N>;

const keyOf = (key: string, index: number): string => `${key}.${index}`;

const isSeveral = (need: Needs[string]): need is readonly Need<unknown>[] => Array.isArray(need);

/** The purpose of a graph: a destroy looks up nothing that only a deploy needs. */
export type GraphPurpose = "deploy" | "destroy";
