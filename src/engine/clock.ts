/** Time as the library sees it: real, scaled, or virtual. Everything that waits takes one. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Resolves after `ms` of this clock's time; rejects with `signal.reason` when the signal fires first. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** Work of this computer, during which a clock that jumps stands still; absent on clocks that do not jump. */
  hold?<T>(work: () => Promise<T>): Promise<T>;
}

/** Does work of this computer (reads files) on any clock. */
export const offClock = <T>(clock: Clock, work: () => Promise<T>): Promise<T> =>
  clock.hold === undefined ? work() : clock.hold(work);

export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: (ms, signal) =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const stop = () => {
        clearTimeout(timer);
        reject(signal?.reason);
      };
      const timer = setTimeout(() => {
        signal?.removeEventListener("abort", stop);
        resolve();
      }, ms);
      signal?.addEventListener("abort", stop, { once: true });
    }),
};
