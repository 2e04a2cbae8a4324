/** Time as the library sees it: real, scaled, or virtual. Everything that waits takes one. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Resolves after `ms` of this clock's time; rejects with `signal.reason` when the signal fires first. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /**
   * The clock of the time in which AWS has to answer, where it is another one: a clock that is faster than real time does
   * not accelerate requests.
   */
  readonly answers?: Clock;
  /** Stops a virtual clock during local work (reading files); absent on clocks that run by themselves. */
  hold?<T>(work: () => Promise<T>): Promise<T>;
}

/** Does local work (reading files) on any clock. */
export const offClock = <T>(clock: Clock, work: () => Promise<T>): Promise<T> =>
  clock.hold === undefined ? work() : clock.hold(work);

/** The clock of the time in which AWS has to answer. */
export const answerClock = (clock: Clock): Clock => clock.answers ?? clock;

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
