/** A slower answer says too little about the time at which it was sent. */
const LONGEST_ANSWER = 2_000;
/** The header counts in whole seconds; a difference beyond this is a clock that was set. */
const TOLERANCE = 5_000;

/** How far AWS's clock is ahead of this computer's, from the `Date` header of its answers. */
export class ClockOffset {
  #offset: number | undefined;

  /** Milliseconds; 0 until the first answer. Up to a second too low, never too high. */
  get milliseconds(): number {
    return this.#offset ?? 0;
  }

  /** Notes an answer: the `Date` header, and the computer's times of the request and the answer. */
  note(date: string | undefined, sentAt: number, answeredAt: number): void {
    const at = Date.parse(date ?? "");
    if (Number.isNaN(at) || answeredAt - sentAt > LONGEST_ANSWER) return;
    // The header is older than the answer, so that the largest difference is the nearest one.
    const offset = at - answeredAt;
    const known = this.#offset;
    this.#offset = known === undefined || offset < known - TOLERANCE ? offset : Math.max(known, offset);
  }
}
