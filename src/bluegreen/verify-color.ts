import type { AwsContext } from "../aws/context.js";
import { endedBy } from "../engine/outcome.js";
import { QuaysideError, TimeoutError } from "../errors.js";
import type { BlueGreenDeployment, Color } from "./colors.js";

/** The argument of the user's `verify`. */
export interface ColorToVerify<Status = unknown> {
  /** The URL of the deployment, as its users know it. */
  readonly url: string;
  /**
   * Like the global `fetch`, but the new color answers every request to `url`'s host, even before it gets any traffic,
   * and before the host has a DNS record: the request goes to the load balancer, with the host's name in TLS and in
   * the `Host` header. Relative URLs are resolved against `url`.
   */
  readonly fetch: (input: string | URL, init?: RequestInit) => Promise<Response>;
  /** Returns the status of the new color's service. */
  readonly status: () => Promise<Status>;
  readonly color: Color;
  /** Percent of the traffic. */
  readonly weights: Readonly<Record<Color, number>>;
  /** Fires when the run is aborted, or `verify` has timed out. */
  readonly signal: AbortSignal;
}

export type Verify = (color: ColorToVerify<never>) => unknown;

/** Calls `verify` once; an error that it throws becomes the reason for the rollback. */
export async function verifyColor(
  spec: BlueGreenDeployment,
  verify: Verify,
  about: Omit<ColorToVerify, "signal">,
  context: AwsContext,
): Promise<void> {
  const { color, weights } = about;
  const report = (state: "started" | "passed" | "failed", message?: string) =>
    context.emit({
      type: "verification",
      at: context.clock.now(),
      deployment: spec.name,
      color,
      percent: weights[color],
      state,
      message,
    });
  report("started");
  try {
    await withTimeout(spec.blueGreen.verifyTimeout, context, async (signal) =>
      verify({ ...about, signal } as ColorToVerify<never>),
    );
  } catch (error) {
    if (context.signal.aborted) throw endedBy(context.signal.reason);
    const message = error instanceof Error ? error.message : String(error);
    report("failed", message);
    if (error instanceof TimeoutError) throw error;
    throw new QuaysideError(
      "verification-failed",
      `The ${color} version of ${spec.name} failed verify: ${message}`,
      {
        cause: error,
        fix: "Fix the version, or the checks in verify, and deploy again.",
      },
    );
  }
  report("passed");
}

/** Stops waiting for the work when the time is over or the run is aborted. */
async function withTimeout(
  seconds: number,
  { clock, signal }: AwsContext,
  work: (signal: AbortSignal) => Promise<unknown>,
): Promise<void> {
  const timedOut = new AbortController();
  const either = AbortSignal.any([signal, timedOut.signal]);
  const timer = new AbortController();
  const timeout = clock.sleep(seconds * 1000, AbortSignal.any([signal, timer.signal])).then(() => {
    throw new TimeoutError(`verify timed out: it took longer than ${seconds} s`, {
      fix: "Increase the timeout: .blueGreen({ verifyTimeout }).",
    });
  });
  timeout.catch(() => {});
  try {
    await Promise.race([work(either), timeout]);
  } finally {
    timer.abort();
    timedOut.abort();
  }
}
