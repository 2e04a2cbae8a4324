import type { Kind, RunContext, Tagged } from "./kind.js";

/** Typed handle of a node: `State` is what others get when they need it. */
export interface Ref<State> {
  readonly id: string;
  /** Only in types. */
  readonly __state?: State;
}

/** `created`: its identifiers are known. `ready`: it is usable. */
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
  /** Whose it is, as in the tag `quayside:owner`; `undefined` for lookups, which belong to nobody. */
  readonly owner: string | undefined;
  /**
   * `own` (default): something of that name that is not ours is refused or adopted.
   * `share`: something of that name that is not ours serves as well, and is never changed or deleted.
   * `use`: like `own` while it is made, and left as it is from then on: somebody else may describe it.
   */
  readonly claim?: Claim;
  /** Where its name is unique, if not in the whole account and region: a service's cluster. */
  readonly scope?: string | undefined;
  readonly needs: N;
  readonly desired: (needs: NeededStates<N>) => Desired;
}

/** A node with its types forgotten: what the engine itself works with. */
export interface Node<Context extends RunContext> {
  readonly id: string;
  readonly name: string;
  readonly owner: string | undefined;
  readonly claim: Claim;
  readonly scope: string | undefined;
  readonly kind: Kind<Tagged, unknown, Context>;
  readonly needs: readonly (readonly [string, Need<unknown>])[];
  readonly desired: (needs: Record<string, unknown>) => Tagged;
}

/** What shall exist, and what needs what. Nodes are added needs first, so it cannot hold a cycle. */
export class Graph<Context extends RunContext> {
  readonly #nodes = new Map<string, Node<Context>>();
  /** What the run waits for at its end. */
  readonly #goals = new Set<string>();

  /** Adds a node; the same id twice is the same resource, described by whoever came first. */
  add<N extends Needs, Desired extends Tagged, State>(
    description: NodeDescription<N, Desired, State, Context>,
  ): Ref<State> {
    const id = `${description.kind.kind}/${description.name}`;
    const there = this.#nodes.get(id);
    if (there !== undefined && there.owner !== description.owner) {
      throw new Error(`${id} is described by ${there.owner} and by ${description.owner}`);
    }
    if (there === undefined) {
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
        scope: description.scope,
        kind: description.kind as unknown as Kind<Tagged, unknown, Context>,
        needs,
        desired: (states) => description.desired(statesOf(description.needs, states)),
      });
    }
    return { id };
  }

  /** The run ends only when this is ready. */
  goal(ref: Ref<unknown>): void {
    this.#goals.add(ref.id);
  }

  get goals(): ReadonlySet<string> {
    return this.#goals;
  }

  /** Needs before what needs them. */
  get nodes(): readonly Node<Context>[] {
    return [...this.#nodes.values()];
  }

  node(id: string): Node<Context> | undefined {
    return this.#nodes.get(id);
  }
}

/** The needs that are present, each under a key of its own. */
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

/** What a graph is built for: a destroy looks nothing up that only a deploy needs. */
export type GraphPurpose = "deploy" | "destroy";
