import { answerClock, type Clock } from "../engine/clock.js";
import { QuaysideError } from "../errors.js";
import type { StsApi } from "./api.js";

/** Who makes the calls of a run. */
export interface Caller {
  /** The id of the account. */
  readonly account: string;
  readonly arn: string;
}

/** How long a run waits for an answer that it can do without: a private network may have no way to STS. */
const PATIENCE = 10_000;

interface Question {
  readonly sts: StsApi;
  readonly clock: Clock;
  /** Of the run, with which the question ends. */
  readonly signal: AbortSignal;
  readonly allowedAccounts: readonly string[] | undefined;
}

/**
 * Asks STS who the caller is, for which no permission is needed. Returns `undefined` if STS does not answer and
 * every account is allowed.
 *
 * @throws QuaysideError `account-not-allowed`, or `account-unknown` if STS does not answer and only some accounts
 *   are allowed.
 */
export async function identifyCaller(question: Question): Promise<Caller | undefined> {
  const { allowedAccounts: allowed } = question;
  const answer = await ask(question).catch((error: unknown) => {
    if (allowed === undefined) return undefined;
    if (error instanceof QuaysideError && error.code !== "aws-refused") throw error;
    throw unknownAccount(allowed, error);
  });
  if (allowed === undefined) return answer;
  if (answer === undefined) throw unknownAccount(allowed);
  if (allowed.includes(answer.account)) return answer;
  throw new QuaysideError(
    "account-not-allowed",
    `Nothing was changed: the credentials belong to account ${answer.account}, and allowedAccounts has ${allowed.join(", ")}`,
    {
      facts: { ...answer, allowedAccounts: allowed },
      fix: `Use credentials of account ${allowed.join(" or ")} (AWS_PROFILE, or aws({ profile })), or add ${answer.account} to allowedAccounts.`,
    },
  );
}

async function ask({ sts, clock, signal }: Question): Promise<Caller | undefined> {
  const patience = new AbortController();
  const late = answerClock(clock)
    .sleep(PATIENCE, patience.signal)
    .then(
      () => undefined,
      () => undefined,
    );
  const identity = sts.getCallerIdentity({}, { signal: AbortSignal.any([signal, patience.signal]) });
  // It is aborted below, when its answer is not needed any more.
  identity.catch(() => {});
  try {
    const answer = await Promise.race([identity, late]);
    return answer?.Account === undefined ? undefined : { account: answer.Account, arn: answer.Arn ?? "" };
  } finally {
    patience.abort();
  }
}

function unknownAccount(allowed: readonly string[], cause?: unknown): QuaysideError {
  const why = cause instanceof Error ? cause.message : "STS did not answer in 10 s";
  return new QuaysideError(
    "account-unknown",
    `Nothing was changed: the account of the credentials is not known, and only ${allowed.join(", ")} is allowed: ${why}`,
    {
      cause,
      facts: { allowedAccounts: allowed },
      fix: "Let the computer reach STS (in a private network through a VPC endpoint for sts, or a proxy), or leave allowedAccounts out.",
    },
  );
}
