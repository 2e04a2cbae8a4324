import type { Clock } from "../../engine/clock.js";

/** As fast as AWS's minutes pass on the real clock by default. */
const TIMES_FASTER = 20;

/**
 * Lets a virtual clock follow its clients, whose pauses it cannot see: at least their time has passed, 20 times
 * faster, when they ask again. Otherwise what becomes true by itself, such as a new role that can be passed, would
 * not for a client that only waits and asks.
 */
export class Pace {
  readonly #clock: Clock;
  #at: number;
  #askedAt = performance.now();

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#at = clock.now();
  }

  /** Resolves when the clock is not behind the client. */
  async keep(): Promise<void> {
    const askedAt = performance.now();
    const behind = (askedAt - this.#askedAt) * TIMES_FASTER - (this.#clock.now() - this.#at);
    this.#askedAt = askedAt;
    if (behind > 0) await this.#clock.sleep(Math.ceil(behind));
    this.#at = this.#clock.now();
  }
}
