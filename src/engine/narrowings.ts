import type { Node } from "./graph.js";
import type { FieldChange, Observed, RunContext, Tagged } from "./kind.js";
import type { RunLog } from "./outcome.js";

/** What is taken away from updated resources once everything works. */
export class Narrowings {
  readonly #all: { readonly owner: string | undefined; readonly narrow: () => Promise<void> | undefined }[] =
    [];

  /** Updates a resource, and remembers that it can be narrowed. */
  async update<Context extends RunContext>(
    { kind, owner }: Node<Context>,
    desired: Tagged,
    observed: Observed<Tagged, unknown>,
    changes: readonly FieldChange[],
    context: Context,
  ): Promise<unknown> {
    const state = await kind.update!(desired, observed, changes, context);
    this.#all.push({ owner, narrow: () => kind.narrow?.(desired, observed, changes, context) });
    return state;
  }

  /** Narrows the resources of these owners; all of them before the first failure is thrown. */
  async narrow(
    log: RunLog,
    signal: AbortSignal,
    isOf: (owner: string | undefined) => boolean = () => true,
  ): Promise<void> {
    const ours = this.#all.filter(({ owner }) => isOf(owner));
    const results = await Promise.allSettled(ours.map(async ({ narrow }) => narrow()));
    const failed = results.filter((result) => result.status === "rejected");
    for (const { reason } of failed) log.fail(reason);
    if (failed.length > 0) throw log.error(signal);
  }
}
