import type { Clock } from "../../engine/clock.js";

export interface Scheduled {
  cancel(): void;
}

/** A clock that can also run something later: what the local cloud's state machines live by. */
export interface LocalClock extends Clock {
  schedule(ms: number, run: () => void): Scheduled;
  /** Ends everything that is scheduled. */
  close(): void;
}

interface Entry {
  readonly at: number;
  readonly order: number;
  readonly run: () => void;
}

/**
 * Time that passes only when nothing else happens: as soon as the program has nothing left to do but
 * wait, the clock jumps to the next thing that is scheduled. Minutes take milliseconds, and the same
 * program always takes the same course.
 */
export class VirtualClock implements LocalClock {
  #now: number;
  #order = 0;
  #entries: Entry[] = [];
  #ticking = false;
  #closed = false;

  constructor(start = Date.UTC(2026, 0, 1)) {
    this.#now = start;
  }

  now(): number {
    return this.#now;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return sleepOn(this, ms, signal);
  }

  schedule(ms: number, run: () => void): Scheduled {
    if (this.#closed) return { cancel: () => {} };
    const entry: Entry = { at: this.#now + Math.max(0, ms), order: this.#order++, run };
    this.#entries.push(entry);
    this.#tick();
    return {
      cancel: () => {
        this.#entries = this.#entries.filter((other) => other !== entry);
      },
    };
  }

  close(): void {
    this.#closed = true;
    this.#entries = [];
  }

  #tick(): void {
    if (this.#ticking) return;
    this.#ticking = true;
    // setImmediate comes after every promise that is already settled: by then all that is left is to wait.
    setImmediate(() => {
      this.#ticking = false;
      const next = this.#takeNext();
      if (next === undefined) return;
      this.#now = Math.max(this.#now, next.at);
      next.run();
      if (this.#entries.length > 0) this.#tick();
    });
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

/** The computer's own time, `scale` times as fast. */
export class ScaledClock implements LocalClock {
  readonly #scale: number;
  readonly #start = Date.now();
  readonly #timers = new Set<NodeJS.Timeout>();
  #closed = false;

  constructor(scale: number) {
    this.#scale = scale;
  }

  now(): number {
    return this.#start + (Date.now() - this.#start) * this.#scale;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return sleepOn(this, ms, signal);
  }

  schedule(ms: number, run: () => void): Scheduled {
    if (this.#closed) return { cancel: () => {} };
    const timer = setTimeout(
      () => {
        this.#timers.delete(timer);
        run();
      },
      Math.max(0, ms) / this.#scale,
    );
    this.#timers.add(timer);
    return {
      cancel: () => {
        clearTimeout(timer);
        this.#timers.delete(timer);
      },
    };
  }

  close(): void {
    this.#closed = true;
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
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
