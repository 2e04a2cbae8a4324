import type { Graph } from "./graph.js";
import type { RunContext } from "./kind.js";
import { pollWith } from "./poll.js";

interface Wait {
  readonly end: AbortController;
  /** The nodes that need it, directly or not, and have not settled. */
  readonly open: Set<string>;
  failed: boolean;
}

/**
 * Ends waits that are in vain: for a goal that other nodes need (a load balancer, the instances), once one of these
 * has failed and all others have settled. The error of the run does not wait for it then.
 */
export class VainWaits<Context extends RunContext> {
  readonly #waits = new Map<string, Wait>();

  constructor(graph: Graph<Context>) {
    const dependents = new Map<string, Set<string>>();
    for (const { id, needs } of [...graph.nodes].reverse()) {
      for (const [, { ref }] of needs) {
        const known = dependents.get(ref.id) ?? new Set();
        dependents.set(ref.id, known);
        for (const each of [id, ...(dependents.get(id) ?? [])]) known.add(each);
      }
    }
    for (const id of graph.goals) {
      const open = dependents.get(id);
      if (open !== undefined) this.#waits.set(id, { end: new AbortController(), open, failed: false });
    }
  }

  /** The signal for waiting until a node is ready. */
  signalFor(id: string, run: AbortSignal): AbortSignal {
    const wait = this.#waits.get(id);
    return wait === undefined ? run : pollWith(run, wait.end.signal);
  }

  /** Notes that a node has been applied, and is ready if it is a goal; or that it has failed or was not started. */
  settle(id: string, isDone: boolean): void {
    for (const wait of this.#waits.values()) {
      if (!wait.open.delete(id)) continue;
      wait.failed ||= !isDone;
      if (wait.failed && wait.open.size === 0) wait.end.abort(new Error("What needed it has failed."));
    }
  }
}
