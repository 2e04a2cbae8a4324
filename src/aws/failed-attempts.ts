/** The signal of a call -> the error of its last attempt. */
const failures = new WeakMap<AbortSignal, unknown>();

/** Notes that an attempt has failed: the SDK tries again, and says nothing until it gives up. */
export function noteFailedAttempt(signal: AbortSignal | undefined, error: unknown): void {
  if (signal !== undefined && !signal.aborted) failures.set(signal, error);
}

/** The words of the error with which the last attempt of a call failed; `undefined` if none has. */
export function failedAttempt(signal: AbortSignal): string | undefined {
  const error = failures.get(signal);
  return error instanceof Error && error.message !== "" ? error.message : undefined;
}
