import type * as Sts from "@aws-sdk/client-sts";
import type { StsApi } from "../../aws/api.js";
import type { Account } from "../core/account.js";
import type { Answer } from "../core/answer.js";
import { callerArn } from "../core/caller.js";
import { ServiceError } from "../core/service-error.js";
import { assumeRole } from "./iam/role-session.js";
import type { Principal } from "./iam/state.js";

const SECOND = 1000;

/**
 * Security Token Service: who the caller is, and temporary credentials. AWS allows the question to everybody,
 * whatever the policies are.
 */
export function createSts(account: Account) {
  return {
    async getCallerIdentity(
      _input: Sts.GetCallerIdentityCommandInput,
      { principal }: { readonly signal?: AbortSignal; readonly principal?: Principal | undefined } = {},
    ) {
      if (principal !== undefined)
        return { Account: account.accountId, Arn: principal.arn, UserId: principal.userId };
      return { Account: account.accountId, Arn: callerArn(account), UserId: "AIDALOCALCLOUD0000000" };
    },

    async assumeRole(input: Sts.AssumeRoleCommandInput): Answer<Sts.AssumeRoleCommandOutput> {
      const { RoleArn: arn = "", RoleSessionName: session = "", DurationSeconds: seconds = 3600 } = input;
      if (!/^arn:[\w-]+:iam::\d{12}:role\/.+/.test(arn)) throw validation(`${arn} is invalid`);
      if (!/^[\w+=,.@-]{2,64}$/.test(session))
        throw validation(
          `1 validation error detected: Value '${session}' at 'roleSessionName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w+=,.@-]*`,
        );
      if (seconds < 900 || seconds > 43_200)
        throw validation(
          `1 validation error detected: Value '${seconds}' at 'durationSeconds' failed to satisfy constraint: Member must have value ${seconds < 900 ? "greater than or equal to 900" : "less than or equal to 43200"}`,
        );
      const assumed = assumeRole(account, { arn, session, seconds });
      return {
        Credentials: {
          AccessKeyId: assumed.accessKeyId,
          SecretAccessKey: assumed.secretAccessKey,
          SessionToken: assumed.token,
          Expiration: assumed.expiresAt,
        },
        AssumedRoleUser: { AssumedRoleId: assumed.userId, Arn: assumed.arn },
        PackedPolicySize: 6,
      };
    },

    async getSessionToken(input: Sts.GetSessionTokenCommandInput): Answer<Sts.GetSessionTokenCommandOutput> {
      const { DurationSeconds: seconds = 43_200 } = input;
      return { Credentials: credentials(account, seconds) };
    },
  } satisfies StsApi & Record<string, unknown>;
}

/** The access key id names the account, as in every request to this cloud. */
const credentials = (account: Account, seconds: number): Sts.Credentials => ({
  AccessKeyId: account.accountId,
  SecretAccessKey: account.hex(40),
  SessionToken: account.hex(64),
  // By the clock of the caller's computer, as its SDK compares them.
  Expiration: new Date(Date.now() + seconds * SECOND),
});

const validation = (message: string): ServiceError => new ServiceError("ValidationError", message);
