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

export const created = <State>(ref: Ref<State>): Need<State> => ({ ref, until: "created" });
export const ready = <State>(ref: Ref<State>): Need<State> => ({ ref, until: "ready" });

export type Needs = Readonly<Record<string, Need<unknown>>>;
export type NeededStates<N extends Needs> = {
  readonly [K in keyof N]: N[K] extends Need<infer S> ? S : never;
};

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
      const needs = Object.entries(description.needs);
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
        desired: description.desired as unknown as (needs: Record<string, unknown>) => Tagged,
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

/** What a graph is built for: a destroy looks nothing up that only a deploy needs. */
export type GraphPurpose = "deploy" | "destroy";
