import { QuaysideError } from "../errors.js";

/** The codes of errors about the caller's credentials, before any request is signed with them. */
const CODES = ["no-credentials", "mfa-required", "mfa-failed"] as const;

/** Creates the error of a caller whose credentials could not be loaded. */
export function credentialsError(
  code: (typeof CODES)[number],
  reason: string,
  fix: string,
  cause?: unknown,
): QuaysideError {
  return new QuaysideError(code, `Nothing was sent to AWS: ${reason}`, { cause, fix, facts: { reason } });
}

/** The part of a run that AWS has seen. */
export interface Progress {
  /** True if AWS has answered a request. */
  answered: boolean;
  /** True if a request has changed something. */
  changed: boolean;
}

/** The next step after a failure in the middle of a run: what was done is kept. */
export const runAgain = ({ changed }: Progress): string =>
  changed ? "Then run it again: it continues from what was done." : "Then run it again: nothing was changed.";

/**
 * Returns the error as the run reports it. Credentials that cannot be renewed in the middle of a run end it
 * after something was sent.
 */
export function duringRun(error: QuaysideError, progress: Progress): QuaysideError {
  const { reason } = error.facts;
  const isAboutCredentials = CODES.some((code) => code === error.code) && typeof reason === "string";
  if (!isAboutCredentials || !progress.answered) return error;
  return new QuaysideError(
    error.code,
    `The credentials ended during the run and could not be renewed: ${reason}`,
    {
      cause: error.cause,
      facts: error.facts,
      fix: `${error.fix} ${runAgain(progress)}`,
    },
  );
}
