import { answerClock, type Clock } from "../engine/clock.js";
import { TimeoutError } from "../errors.js";
import { failedAttempt } from "./failed-attempts.js";

/** Ends a call that was in flight when the run ended. */
export class CutOff extends Error {
  /** The words of the error of its last attempt, if one has failed. */
  readonly lastFailure: string | undefined;

  constructor(reason: unknown, lastFailure: string | undefined) {
    super("the run has ended", { cause: reason });
    this.lastFailure = lastFailure;
  }
}

interface Run {
  readonly signal: AbortSignal;
  readonly clock: Clock;
}

/** Milliseconds that a change has from its start on, if the run is aborted meanwhile: AWS answers most within two seconds. */
const TO_COMPLETE = 5_000;
/** The same for a run whose timeout has passed. */
const TO_COMPLETE_LATE = 1_000;

/** Makes a read for a run: it ends with the run, whether or not its client listens to the signal. */
export function readWithinRun<T>({ signal }: Run, call: (signal: AbortSignal) => Promise<T>): Promise<T> {
  return untilAborted(signal, call(signal)).catch(inFlight(signal, signal));
}

/**
 * Makes a change for a run. One in flight when the run ends is given a moment to complete: its result would
 * otherwise be unknown.
 */
export async function changeWithinRun<T>(
  { signal, clock }: Run,
  call: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const [cut, done] = [new AbortController(), new AbortController()];
  const answers = answerClock(clock);
  const began = answers.now();
  const onAbort = () => {
    const time = signal.reason instanceof TimeoutError ? TO_COMPLETE_LATE : TO_COMPLETE;
    answers.sleep(Math.max(0, began + time - answers.now()), done.signal).then(
      () => cut.abort(signal.reason),
      () => {},
    );
  };
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    return await untilAborted(cut.signal, call(cut.signal)).catch(inFlight(cut.signal, signal));
  } finally {
    signal.removeEventListener("abort", onAbort);
    done.abort();
  }
}

const inFlight =
  (own: AbortSignal, run: AbortSignal) =>
  (error: unknown): never => {
    throw own.aborted ? new CutOff(run.reason, failedAttempt(own)) : error;
  };

/** Rejects with the signal's reason when it fires first. */
export async function untilAborted<T>(signal: AbortSignal, answer: Promise<T>): Promise<T> {
  let onAbort: (() => void) | undefined;
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => reject(signal.reason as Error);
    if (signal.aborted) onAbort();
    else signal.addEventListener("abort", onAbort, { once: true });
  });
  // What comes after the end is not needed any more.
  answer.catch(() => {});
  try {
    return await Promise.race([answer, aborted]);
  } finally {
    signal.removeEventListener("abort", onAbort!);
  }
}
