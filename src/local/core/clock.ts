import { AsyncLocalStorage } from "node:async_hooks";
import { systemClock, type Clock } from "../../engine/clock.js";

export interface Scheduled {
  cancel(): void;
}

/** A clock that can also schedule: the state machines of the local cloud run on it. */
export interface LocalClock extends Clock {
  /**
   * Runs `run` after `ms`. A `"background"` entry, such as a recurring one, does not advance a virtual clock by
   * itself, and neither does what it schedules in turn: tasks of a schedule would bring its next run, for ever.
   */
  schedule(ms: number, run: () => void, kind?: "background"): Scheduled;
  /** Lets `ms` pass, and with it all that is scheduled meanwhile, in its order. */
  advance(ms: number): Promise<void>;
  /** Cancels everything that is scheduled. */
  close(): void;
}

/** The computer's clock, if it is `skew` milliseconds ahead of AWS's. */
export const skewedClock = (clock: LocalClock, skew: number): Clock =>
  skew === 0
    ? clock
    : {
        now: () => clock.now() + skew,
        sleep: (ms, signal) => clock.sleep(ms, signal),
        ...(clock.answers === undefined ? {} : { answers: clock.answers }),
        ...(clock.hold === undefined ? {} : { hold: (work) => clock.hold!(work) }),
      };

interface Entry {
  readonly at: number;
  readonly order: number;
  readonly run: () => void;
  readonly background: boolean;
}

/** True in everything that a background entry of a virtual clock does, also later. */
const inBackground = new AsyncLocalStorage<boolean>();

/**
 * A clock that advances only when nothing else happens: as soon as the program only waits, it jumps to the next
 * scheduled entry. Minutes take milliseconds, and the same program always takes the same course.
 */
export class VirtualClock implements LocalClock {
  #now: number;
  #order = 0;
  #entries: Entry[] = [];
  #ticking = false;
  #closed = false;
  /** The number of real operations that are in progress; time stands still for them. */
  #held = 0;
  /** True once a background entry has run. */
  #hasBackground = false;

  constructor(start = Date.UTC(2026, 0, 1)) {
    this.#now = start;
  }

  now(): number {
    return this.#now;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return sleepOn(this, ms, signal);
  }

  schedule(ms: number, run: () => void, kind?: "background"): Scheduled {
    if (this.#closed) return { cancel: () => {} };
    const background = kind === "background" || inBackground.getStore() === true;
    const entry: Entry = { at: this.#now + Math.max(0, ms), order: this.#order++, run, background };
    this.#entries.push(entry);
    if (!background) this.#tick();
    return {
      cancel: () => {
        this.#entries = this.#entries.filter((other) => other !== entry);
      },
    };
  }

  advance(ms: number): Promise<void> {
    return this.sleep(ms);
  }

  async hold<T>(work: () => Promise<T>): Promise<T> {
    this.#held++;
    try {
      return await work();
    } finally {
      this.#held--;
      if (this.#held === 0 && this.#entries.length > 0) this.#tick();
    }
  }

  close(): void {
    this.#closed = true;
    this.#entries = [];
  }

  #tick(): void {
    if (this.#ticking) return;
    this.#ticking = true;
    // setImmediate runs after every promise that is already settled: the program then only waits.
    setImmediate(() => {
      this.#ticking = false;
      if (this.#held > 0) return;
      const next = this.#isAwaited() ? this.#takeNext() : undefined;
      if (next === undefined) return;
      this.#now = Math.max(this.#now, next.at);
      this.#run(next);
      if (this.#isAwaited()) this.#tick();
    });
  }

  /** An immediate has the context of whoever asked for it: each entry gets its own. */
  #run({ background, run }: Entry): void {
    this.#hasBackground ||= background;
    if (this.#hasBackground) inBackground.run(background, run);
    else run();
  }

  #isAwaited(): boolean {
    return this.#entries.some(({ background }) => !background);
  }

  #takeNext(): Entry | undefined {
    let next: Entry | undefined;
    for (const entry of this.#entries) {
      if (next === undefined || entry.at < next.at || (entry.at === next.at && entry.order < next.order))
        next = entry;
    }
    if (next !== undefined) this.#entries.splice(this.#entries.indexOf(next), 1);
    return next;
  }
}

/** Node's timers hold at most 24 days. */
const LONGEST_TIMER = 2 ** 31 - 1;

interface Timer extends Pick<Entry, "at" | "run" | "background"> {
  timeout: NodeJS.Timeout | undefined;
}

/** The computer's own time, `scale` times as fast, and further ahead with each `advance`. */
export class ScaledClock implements LocalClock {
  readonly answers: Clock = systemClock;
  readonly #scale: number;
  readonly #start = Date.now();
  readonly #timers = new Set<Timer>();
  #skipped = 0;
  #closed = false;

  constructor(scale: number) {
    this.#scale = scale;
  }

  now(): number {
    return this.#start + this.#skipped + (Date.now() - this.#start) * this.#scale;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return sleepOn(this, ms, signal);
  }

  schedule(ms: number, run: () => void, kind?: "background"): Scheduled {
    if (this.#closed) return { cancel: () => {} };
    const left = Math.max(0, ms);
    const timer: Timer = {
      at: this.now() + left,
      run,
      background: kind === "background",
      timeout: undefined,
    };
    this.#timers.add(timer);
    this.#arm(timer, left / this.#scale);
    return { cancel: () => this.#cancel(timer) };
  }

  /** What is due meanwhile happens at once, each at its time; real processes and requests take theirs. */
  async advance(ms: number): Promise<void> {
    const until = this.now() + ms;
    for (;;) {
      const next = this.#nextBefore(until);
      this.#skipped += Math.max(0, (next?.at ?? until) - this.now());
      if (next === undefined) break;
      this.#cancel(next);
      next.run();
      // What waits for it goes on first, and may schedule more.
      await new Promise((resolve) => setImmediate(resolve));
    }
    for (const timer of this.#timers) this.#arm(timer, Math.max(0, timer.at - this.now()) / this.#scale);
  }

  close(): void {
    this.#closed = true;
    for (const timer of this.#timers) this.#cancel(timer);
  }

  #arm(timer: Timer, left: number): void {
    clearTimeout(timer.timeout);
    timer.timeout = setTimeout(
      () => {
        if (left > LONGEST_TIMER) return this.#arm(timer, left - LONGEST_TIMER);
        this.#timers.delete(timer);
        timer.run();
      },
      Math.min(left, LONGEST_TIMER),
    );
    if (timer.background) timer.timeout.unref();
  }

  #cancel(timer: Timer): void {
    clearTimeout(timer.timeout);
    this.#timers.delete(timer);
  }

  #nextBefore(until: number): Timer | undefined {
    let next: Timer | undefined;
    for (const timer of this.#timers)
      if (timer.at <= until && (next === undefined || timer.at < next.at)) next = timer;
    return next;
  }
}

/**
 * The clock of one region, which runs on the clock of its account: closing it cancels what this region has
 * scheduled.
 */
export class RegionClock implements LocalClock {
  readonly answers?: Clock;
  readonly #clock: LocalClock;
  readonly #pending = new Set<Scheduled>();
  #closed = false;

  constructor(clock: LocalClock) {
    this.#clock = clock;
    if (clock.answers !== undefined) this.answers = clock.answers;
  }

  now(): number {
    return this.#clock.now();
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return sleepOn(this, ms, signal);
  }

  schedule(ms: number, run: () => void, kind?: "background"): Scheduled {
    if (this.#closed) return { cancel: () => {} };
    const entry = this.#clock.schedule(
      ms,
      () => {
        this.#pending.delete(entry);
        run();
      },
      kind,
    );
    this.#pending.add(entry);
    return {
      cancel: () => {
        this.#pending.delete(entry);
        entry.cancel();
      },
    };
  }

  advance(ms: number): Promise<void> {
    return this.#clock.advance(ms);
  }

  hold<T>(work: () => Promise<T>): Promise<T> {
    return this.#clock.hold === undefined ? work() : this.#clock.hold(work);
  }

  close(): void {
    this.#closed = true;
    for (const entry of this.#pending) entry.cancel();
    this.#pending.clear();
  }
}

function sleepOn(clock: LocalClock, ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const stop = () => {
      scheduled.cancel();
      reject(signal?.reason);
    };
    const scheduled = clock.schedule(ms, () => {
      signal?.removeEventListener("abort", stop);
      resolve();
    });
    signal?.addEventListener("abort", stop, { once: true });
  });
}
