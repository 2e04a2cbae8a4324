import { AbortedError, QuaysideError, TimeoutError } from "../errors.js";
import type { RunContext } from "./kind.js";

export interface Wait {
  /** About how many milliseconds pass between two polls. */
  readonly every: number;
  /** Milliseconds after which the wait ends with a TimeoutError. */
  readonly timeout: number;
  readonly context: Pick<RunContext, "clock" | "random" | "signal">;
  /** The awaited event, as the end of a sentence: `cluster web to become ACTIVE`. */
  readonly what: string;
  /** The reason, as far as it is known when the time is over. */
  readonly why?: () => string | undefined;
  readonly fix?: string | undefined;
}

/** Calls `attempt` until it returns something other than `undefined`. */
export async function poll<T>(wait: Wait, attempt: () => Promise<T | undefined>): Promise<T> {
  const { clock, signal } = wait.context;
  const deadline = clock.now() + wait.timeout;
  for (;;) {
    if (signal.aborted) throw interruptedError(signal, wait);
    const result = await attempt();
    if (result !== undefined) return result;
    const left = deadline - clock.now();
    if (left <= 0) throw timeoutError(wait);
    const pause = left < wait.every ? clock.sleep(left, signal) : nextPoll(wait.context, wait.every);
    await pause.catch((cause: unknown) => {
      if (signal.aborted) throw interruptedError(signal, wait);
      throw cause;
    });
  }
}

/** The error for work that a signal has ended: the signal's reason if that is a QuaysideError. */
export function abortedWhile(signal: AbortSignal, doing: string): QuaysideError {
  if (signal.reason instanceof QuaysideError) return signal.reason;
  return new AbortedError(`Aborted while ${doing}: the signal fired`, { cause: signal.reason });
}

/** The error for a wait that a signal has ended: a timeout of the whole run says what it was waiting for. */
function interruptedError(signal: AbortSignal, wait: Wait): QuaysideError {
  const { reason } = signal as { readonly reason: unknown };
  if (!(reason instanceof TimeoutError)) return abortedWhile(signal, `waiting for ${wait.what}`);
  const why = wait.why?.();
  const waited = `${reason.message}; it was waiting for ${wait.what}${why === undefined ? "" : `: ${why}`}`;
  return new TimeoutError(waited, { cause: reason, facts: reason.facts, fix: wait.fix ?? reason.fix });
}

function timeoutError(wait: Wait): TimeoutError {
  const why = wait.why?.();
  const duration =
    wait.timeout < 60_000 ? `${wait.timeout / 1000} s` : `${Math.round(wait.timeout / 60_000)} min`;
  return new TimeoutError(
    `Timed out after ${duration} waiting for ${wait.what}${why === undefined ? "" : `: ${why}`}`,
    {
      facts: { waitedSeconds: wait.timeout / 1000 },
      fix: wait.fix,
    },
  );
}

type PollContext = Pick<RunContext, "clock" | "random" | "signal">;

/** The common times of all waits of a run that poll at the same interval. */
interface PollTimes {
  readonly first: number;
  /** Time of a poll -> the sleep until then, on the clock of each of the run's contexts. */
  readonly sleeps: Map<number, Map<PollContext["clock"], Promise<void>>>;
}

/** Signal of a wait that can end before its run -> signal of the run. */
const runOf = new WeakMap<AbortSignal, AbortSignal>();

/** The signal of a wait that `end` ends, too; it polls at the common times of its run. */
export function pollWith(run: AbortSignal, end: AbortSignal): AbortSignal {
  const signal = AbortSignal.any([run, end]);
  runOf.set(signal, run);
  return signal;
}

/** Signal of a run -> interval -> its poll times. */
const pollTimes = new WeakMap<AbortSignal, Map<number, PollTimes>>();

/**
 * Sleeps for about `every` milliseconds: until the next common time of all waits of the run with the same
 * interval, so that their requests can be batched. A new wait sleeps between half the interval and one and
 * a half of it.
 */
export function nextPoll(context: PollContext, every: number): Promise<void> {
  const run = runOf.get(context.signal);
  if (run === undefined) return nextPollOfRun(context, every);
  return untilAborted(nextPollOfRun({ ...context, signal: run }, every), context.signal);
}

/** The sleep is shared: it goes on when one of its waits ends. */
const untilAborted = (sleep: Promise<void>, signal: AbortSignal): Promise<void> =>
  new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason);
    if (signal.aborted) return stop();
    signal.addEventListener("abort", stop, { once: true });
    sleep.then(resolve, reject).finally(() => signal.removeEventListener("abort", stop));
  });

function nextPollOfRun({ clock, random, signal }: PollContext, every: number): Promise<void> {
  const ofRun = pollTimes.get(signal) ?? new Map<number, PollTimes>();
  pollTimes.set(signal, ofRun);
  const now = clock.now();
  // The first time varies by a fifth, so that several runs do not poll at the same times.
  const { first, sleeps } = ofRun.get(every) ?? {
    first: now + every * (0.8 + 0.4 * random()),
    sleeps: new Map() as PollTimes["sleeps"],
  };
  ofRun.set(every, { first, sleeps });
  const at = Math.max(first, first + (Math.floor((now - first) / every + 0.5) + 1) * every);
  const ofTime = sleeps.get(at) ?? new Map<PollContext["clock"], Promise<void>>();
  sleeps.set(at, ofTime);
  const shared = ofTime.get(clock);
  if (shared !== undefined) return shared;
  const sleep = clock.sleep(at - now, signal).finally(() => sleeps.delete(at));
  // A wait that has ended already does not take it up.
  sleep.catch(() => {});
  ofTime.set(clock, sleep);
  return sleep;
}

/** Waits for the next common poll before a first one; returns at once if no other wait of the run is polling. */
export async function withSharedPolls({ clock, signal }: PollContext, every: number): Promise<void> {
  const sleeps = pollTimes.get(runOf.get(signal) ?? signal)?.get(every)?.sleeps;
  const [next] = [...(sleeps?.entries() ?? [])].sort(([one], [other]) => one - other);
  if (next === undefined) return;
  const [, ofTime] = next;
  await (ofTime.get(clock) ?? [...ofTime.values()][0]);
}

/** Emits `waiting` events with the reason why a resource is not ready, once for each change of the reason. */
export function waitReporter(
  { clock, emit }: Pick<RunContext, "clock" | "emit">,
  resource: string,
  name: string,
): (why: string) => void {
  let reported: string | undefined;
  return (why) => {
    if (why === reported) return;
    reported = why;
    emit({ type: "waiting", at: clock.now(), resource, name, why });
  };
}
