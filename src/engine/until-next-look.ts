import type { RunContext } from "./kind.js";

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
export function untilNextLook(waiting: Waiting, every: number): Promise<void> {
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
export async function withOthersLooks({ signal }: Waiting, every: number): Promise<void> {
  const pauses = looksOf.get(signal)?.get(every)?.pauses ?? new Map<number, Promise<void>>();
  const [next] = [...pauses.keys()].sort((one, other) => one - other);
  if (next !== undefined) await pauses.get(next);
}
