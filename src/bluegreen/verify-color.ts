import type { AwsContext } from "../aws/context.js";
import { endedBy } from "../engine/outcome.js";
import { QuaysideError, TimeoutError } from "../errors.js";
import type { BlueGreenDeployment, Color } from "./colors.js";

/** What the user's `verify` gets. */
export interface ColorToVerify<Status = unknown> {
  /** Where the deployment answers: its users' own address. */
  readonly url: string;
  /**
   * Like the global `fetch`, but every request is answered by the new color, also while no user's is.
   * A relative address is one of `url`'s.
   */
  readonly fetch: (input: string | URL, init?: RequestInit) => Promise<Response>;
  /** What the new color's service is doing. */
  readonly status: () => Promise<Status>;
  readonly color: Color;
  /** Per cent of the requests. */
  readonly weights: Readonly<Record<Color, number>>;
  /** Fires when the run is ended, or this call has taken too long. */
  readonly signal: AbortSignal;
}

export type Verify = (color: ColorToVerify<never>) => unknown;

/** One call of `verify`; what it throws is the reason why the release is taken back. */
export async function verifyColor(
  spec: BlueGreenDeployment,
  verify: Verify,
  about: Omit<ColorToVerify, "signal">,
  context: AwsContext,
): Promise<void> {
  const { color, weights } = about;
  const tell = (state: "started" | "passed" | "failed", message?: string) =>
    context.emit({
      type: "verification",
      at: context.clock.now(),
      deployment: spec.name,
      color,
      percent: weights[color],
      state,
      message,
    });
  tell("started");
  try {
    await within(spec.blueGreen.verifyTimeout, context, async (signal) =>
      verify({ ...about, signal } as ColorToVerify<never>),
    );
  } catch (error) {
    if (context.signal.aborted) throw endedBy(context.signal.reason);
    const message = error instanceof Error ? error.message : String(error);
    tell("failed", message);
    if (error instanceof TimeoutError) throw error;
    throw new QuaysideError(
      "verification-failed",
      `The ${color} version of ${spec.name} failed verify: ${message}`,
      {
        cause: error,
        fix: "Correct the version, or what verify asks of it, and deploy again.",
      },
    );
  }
  tell("passed");
}

/** Ends the wait, if not the function, when the time is over or the run is ended. */
async function within(
  seconds: number,
  { clock, signal }: AwsContext,
  work: (signal: AbortSignal) => Promise<unknown>,
): Promise<void> {
  const over = new AbortController();
  const either = AbortSignal.any([signal, over.signal]);
  const timer = new AbortController();
  const timeout = clock.sleep(seconds * 1000, AbortSignal.any([signal, timer.signal])).then(() => {
    throw new TimeoutError(`verify was given up: it took longer than ${seconds} s`, {
      fix: "Give it longer: .blueGreen({ verifyTimeout }).",
    });
  });
  timeout.catch(() => {});
  try {
    await Promise.race([work(either), timeout]);
  } finally {
    timer.abort();
    over.abort();
  }
}

/** `fetch` with the header that leads to the new color. */
export const fetchThrough =
  (url: string, headers: Readonly<Record<string, string>>): ColorToVerify["fetch"] =>
  (input, init) => {
    const all = new Headers(init?.headers);
    for (const [name, value] of Object.entries(headers)) all.set(name, value);
    return fetch(new URL(input, url), { ...init, headers: all });
  };
