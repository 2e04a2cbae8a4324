import type { RunContext, Found, Kind, Tagged } from "./kind.js";

/** A resource of ours that a run may delete. */
export interface Removal<Context extends RunContext> extends Found<unknown> {
  readonly id: string;
  readonly kind: Kind<Tagged, unknown, Context>;
  /** The owner, as in its tag `quayside:owner`. */
  readonly owner: string;
  /** The ID of the node that has its name, although it is another resource. */
  readonly namesakeOf?: string | undefined;
  /** The IDs of its needs in the graph; empty for a resource that was found by its tags only. */
  readonly needs: readonly string[];
}

/** A resource that is not deleted, with the reason. */
export interface Kept {
  readonly resource: string;
  readonly name: string;
  readonly why: string;
  /** In a run for several deployments: the one that owns it; `undefined` if they share it. */
  readonly deployment?: string | undefined;
}
