import { AbortedError, QuaysideError, TimeoutError } from "../errors.js";
import type { RunContext } from "./kind.js";
import { untilNextLook } from "./until-next-look.js";

export interface Wait {
  /** Milliseconds between two looks: about that long, so that the waits of a run look together. */
  readonly every: number;
  /** Milliseconds after which the wait ends with a TimeoutError. */
  readonly timeout: number;
  readonly context: Pick<RunContext, "clock" | "random" | "signal">;
  /** What is waited for, as the end of a sentence: `cluster web to become ACTIVE`. */
  readonly what: string;
  /** What is known, when the time is over, of why it did not come. */
  readonly why?: () => string | undefined;
  readonly fix?: string | undefined;
}

/** Looks again and again until `attempt` gives something other than `undefined`. */
export async function poll<T>(wait: Wait, attempt: () => Promise<T | undefined>): Promise<T> {
  const { clock, signal } = wait.context;
  const deadline = clock.now() + wait.timeout;
  for (;;) {
    if (signal.aborted) throw cutShort(signal, wait);
    const result = await attempt();
    if (result !== undefined) return result;
    const left = deadline - clock.now();
    if (left <= 0) throw tooLong(wait);
    const pause = left < wait.every ? clock.sleep(left, signal) : untilNextLook(wait.context, wait.every);
    await pause.catch((cause: unknown) => {
      if (signal.aborted) throw cutShort(signal, wait);
      throw cause;
    });
  }
}

/** The error for a run that was ended from outside: the signal's own reason, if it is one of ours. */
export function abortedWhile(signal: AbortSignal, doing: string): QuaysideError {
  if (signal.reason instanceof QuaysideError) return signal.reason;
  return new AbortedError(`Aborted while ${doing}: the signal fired`, { cause: signal.reason });
}

/** A timeout of the whole run must not be without a cause either: it says what it cut short. */
function cutShort(signal: AbortSignal, wait: Wait): QuaysideError {
  const { reason } = signal as { readonly reason: unknown };
  if (!(reason instanceof TimeoutError)) return abortedWhile(signal, `waiting for ${wait.what}`);
  const why = wait.why?.();
  const waited = `${reason.message}; it was waiting for ${wait.what}${why === undefined ? "" : `: ${why}`}`;
  return new TimeoutError(waited, { cause: reason, facts: reason.facts, fix: wait.fix ?? reason.fix });
}

function tooLong(wait: Wait): TimeoutError {
  const why = wait.why?.();
  const duration =
    wait.timeout < 60_000 ? `${wait.timeout / 1000} s` : `${Math.round(wait.timeout / 60_000)} min`;
  return new TimeoutError(
    `Gave up waiting for ${wait.what}: not there after ${duration}${why === undefined ? "" : `; ${why}`}`,
    {
      facts: { waitedSeconds: wait.timeout / 1000 },
      fix: wait.fix,
    },
  );
}
