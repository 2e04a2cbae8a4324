import type { Clock } from "../../engine/clock.js";

/**
 * The number of attempts that quayside configures for the SDK's clients: standard mode, with more than the
 * default of three.
 */
const maxAttempts = 10;

/**
 * The SDK's list, without `LimitExceededException`: in the services of this cloud that is a quota, and quayside
 * has its clients report it at once.
 */
const throttlingCodes: ReadonlySet<string> = new Set([
  "BandwidthLimitExceeded",
  "EC2ThrottledException",
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

/** The base and the maximum of the backoff, in milliseconds, in the SDK's standard mode. */
const transientBase = 100;
const throttlingBase = 500;
const cap = 20_000;

/**
 * Retries what the SDK retries (throttling, HTTP 5xx, broken connections), with exponential backoff and full
 * jitter.
 */
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
