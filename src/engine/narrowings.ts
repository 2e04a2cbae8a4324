import type { RunLog } from "./outcome.js";

/** What is taken away from updated resources once everything works. */
export class Narrowings {
  readonly #all: { readonly owner: string | undefined; readonly narrow: () => Promise<void> | undefined }[] =
    [];

  add(owner: string | undefined, narrow: () => Promise<void> | undefined): void {
    this.#all.push({ owner, narrow });
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
