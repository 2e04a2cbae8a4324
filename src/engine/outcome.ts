import { AbortedError, QuaysideError, type OutcomeEntry, type RunOutcome } from "../errors.js";
import type { Change } from "./plan.js";

/** Keeps account of a run: what was to be done, and what has been. */
export class RunLog {
  readonly #planned: OutcomeEntry[] = [];
  readonly #done = new Set<OutcomeEntry>();
  readonly #failures: unknown[] = [];

  plan(change: Pick<Change, "action" | "resource" | "name">): OutcomeEntry {
    const entry = { action: change.action, resource: change.resource, name: change.name };
    this.#planned.push(entry);
    return entry;
  }

  done(entry: OutcomeEntry): void {
    this.#done.add(entry);
  }

  fail(error: unknown): void {
    this.#failures.push(error);
  }

  get failed(): boolean {
    return this.#failures.length > 0;
  }

  get outcome(): RunOutcome {
    return {
      done: this.#planned.filter((entry) => this.#done.has(entry)),
      notDone: this.#planned.filter((entry) => !this.#done.has(entry)),
    };
  }

  /** The error that ends the run: an abort if there was one, else the first failure; with the account. */
  error(signal: AbortSignal): unknown {
    const error = signal.aborted ? this.#ending(signal.reason) : this.#failures[0];
    if (error instanceof QuaysideError) error.outcome = this.outcome;
    return error;
  }

  /** Whatever was cut short knows more of it than the signal: what was waited for, and what kept it. */
  #ending(reason: unknown): QuaysideError {
    const told = this.#failures.filter(
      (failure): failure is QuaysideError => failure instanceof QuaysideError && failure.cause === reason,
    );
    return told.find(({ facts }) => "diagnosis" in facts) ?? told[0] ?? endedBy(reason);
  }
}

/** What an aborted signal means to the caller: our own reasons as they are, anything else as an abort. */
export function endedBy(reason: unknown): QuaysideError {
  if (reason instanceof QuaysideError) return reason;
  return new AbortedError("The run was aborted: its signal fired", { cause: reason });
}
