import { AbortedError, QuaysideError, type OutcomeEntry, type RunOutcome } from "../errors.js";
import { labelOf } from "./attribution.js";
import type { Change } from "./plan.js";

/** Records the steps of a run: those that were planned, and those that are done. */
export class RunLog {
  readonly #planned: OutcomeEntry[] = [];
  readonly #done = new Set<OutcomeEntry>();
  readonly #failures: unknown[] = [];

  plan(
    { action, resource, name }: Pick<Change, "action" | "resource" | "name">,
    deployment?: string,
  ): OutcomeEntry {
    const entry = { action, resource, name, ...labelOf(deployment) };
    this.#planned.push(entry);
    return entry;
  }

  done(entry: OutcomeEntry): void {
    this.#done.add(entry);
  }

  fail(error: unknown): void {
    this.#failures.push(error);
  }

  get failures(): readonly unknown[] {
    return this.#failures;
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

  /** The error that ends the run, with its outcome: the abort if there was one, else the first failure. */
  error(signal: AbortSignal): unknown {
    const error = signal.aborted ? this.#abortError(signal.reason) : this.#failures[0];
    if (error instanceof QuaysideError) {
      error.outcome = this.outcome;
      error.endWithFix();
    }
    return error;
  }

  /** The interrupted step's error says more than the abort signal: what it waited for, and why. */
  #abortError(reason: unknown): QuaysideError {
    const interrupted = this.#failures.filter(
      (failure): failure is QuaysideError => failure instanceof QuaysideError && failure.cause === reason,
    );
    return interrupted.find(({ facts }) => "diagnosis" in facts) ?? interrupted[0] ?? endedBy(reason);
  }
}

/** The error for an aborted signal: its reason if that is a QuaysideError, else an AbortedError. */
export function endedBy(reason: unknown): QuaysideError {
  if (reason instanceof QuaysideError) return reason;
  return new AbortedError("The run was aborted: its signal fired", { cause: reason });
}
