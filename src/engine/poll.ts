import { AbortedError, QuaysideError, TimeoutError } from "../errors.js";
import type { RunContext } from "./kind.js";

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
    const pause = left < wait.every ? clock.sleep(left, signal) : nextPoll(wait.context, wait.every);
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
type Waiting = Pick<RunContext, "clock" | "random" | "signal">;
/** The waits of a run that look equally often. */
interface Looks {
  /** When their first look was, or will be. */
  readonly first: number;
  /** That somebody is in: when it is over. */
  readonly pauses: Map<number, Promise<void>>;
}
/** Of a run, which is known by its signal: by how often they look. */
const looksOf = new WeakMap<AbortSignal, Map<number, Looks>>();
/**
 * Sleeps for about `every` milliseconds: until the next moment at which all waits of a run look that look
 * equally often, so that what they ask for can be sent together. Whoever joins them waits up to half as long
 * again, or only half as long.
 */

export function nextPoll(waiting: Waiting, every: number): Promise<void> {
  const { clock, random, signal } = waiting;
  const ofRun = looksOf.get(signal) ?? new Map<number, Looks>();
  looksOf.set(signal, ofRun);
  const now = clock.now();
  // Give or take a fifth, so that several runs do not look at the same moments.
  const { first, pauses } = ofRun.get(every) ?? {
    first: now + every * (0.8 + 0.4 * random()),
    pauses: new Map<number, Promise<void>>(),
  };
  ofRun.set(every, { first, pauses });
  const at = Math.max(first, first + (Math.floor((now - first) / every + 0.5) + 1) * every);
  const known = pauses.get(at);
  if (known !== undefined) return known;
  const over = clock.sleep(at - now, signal).finally(() => pauses.delete(at));
  pauses.set(at, over);
  return over;
}
/** The same for a first look; at once if nobody else of the run is waiting to look. */

export async function withSharedPolls({ signal }: Waiting, every: number): Promise<void> {
  const pauses = looksOf.get(signal)?.get(every)?.pauses ?? new Map<number, Promise<void>>();
  const [next] = [...pauses.keys()].sort((one, other) => one - other);
  if (next !== undefined) await pauses.get(next);
}
/** Says what a resource waits for, as `waiting` events: once for each reason in a row, however often it is looked at. */

export function waitReporter(
  { clock, emit }: Pick<RunContext, "clock" | "emit">,
  resource: string,
  name: string,
): (why: string) => void {
  let told: string | undefined;
  return (why) => {
    if (why === told) return;
    told = why;
    emit({ type: "waiting", at: clock.now(), resource, name, why });
  };
}
