import type { Clock } from "../../engine/clock.js";

/** As quayside sets up the SDK's clients: its standard mode, with more than the three attempts of the default. */
const maxAttempts = 10;

const throttlingCodes: ReadonlySet<string> = new Set([
  "BandwidthLimitExceeded",
  "EC2ThrottledException",
  "LimitExceededException",
  "PriorRequestNotComplete",
  "ProvisionedThroughputExceededException",
  "RequestLimitExceeded",
  "RequestThrottled",
  "RequestThrottledException",
  "SlowDown",
  "ThrottledException",
  "Throttling",
  "ThrottlingException",
  "TooManyRequestsException",
  "TransactionInProgressException",
]);

/** Base of the back-off, in milliseconds, and its cap: the SDK's standard mode. */
const transientBase = 100;
const throttlingBase = 500;
const cap = 20_000;

/** Tries again what the SDK tries again: throttling, HTTP 5xx, broken connections; with back-off and full jitter. */
export async function withRetries<Result>(
  attempt: () => Promise<Result>,
  { clock, random, signal }: { clock: Clock; random: () => number; signal: AbortSignal },
): Promise<Result> {
  for (let attempts = 1; ; attempts++) {
    try {
      return await attempt();
    } catch (error) {
      const base = backOffBase(error);
      if (base === undefined || attempts >= maxAttempts) throw error;
      await clock.sleep(Math.min(cap, random() * base * 2 ** (attempts - 1)), signal);
    }
  }
}

function backOffBase(error: unknown): number | undefined {
  if (!(error instanceof Error)) return undefined;
  if (throttlingCodes.has(error.name)) return throttlingBase;
  const status =
    "$metadata" in error ? (error.$metadata as { httpStatusCode?: number }).httpStatusCode : undefined;
  const brokenConnection = error.name === "TimeoutError" || ("code" in error && error.code === "ECONNRESET");
  return brokenConnection || (status !== undefined && status >= 500) ? transientBase : undefined;
}
