import type * as Sts from "@aws-sdk/client-sts";
import type { StsApi } from "../../aws/api.js";
import type { Account } from "../core/account.js";
import type { Answer } from "../core/answer.js";
import { nameOf } from "../core/arn.js";
import { callerArn } from "../core/caller.js";
import { ServiceError } from "../core/service-error.js";

const SECOND = 1000;

/**
 * Security Token Service: who the caller is, and temporary credentials. AWS allows the question to everybody,
 * whatever the policies are. The credentials that it returns are the account's: calls with them are not those of
 * the role.
 */
export function createSts(account: Account) {
  return {
    async getCallerIdentity() {
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
      const role = arn.split(":")[4] === account.accountId ? nameOf(arn) : undefined;
      const id = account.iam.roles.get(role?.toLowerCase() ?? "")?.id ?? "AROALOCALCLOUD0000000";
      return {
        Credentials: credentials(account, arn.split(":")[4]!, seconds),
        AssumedRoleUser: {
          AssumedRoleId: `${id}:${session}`,
          Arn: `arn:${account.partition}:sts::${arn.split(":")[4]}:assumed-role/${nameOf(arn)}/${session}`,
        },
        PackedPolicySize: 6,
      };
    },

    async getSessionToken(input: Sts.GetSessionTokenCommandInput): Answer<Sts.GetSessionTokenCommandOutput> {
      const { DurationSeconds: seconds = 43_200 } = input;
      return { Credentials: credentials(account, account.accountId, seconds) };
    },
  } satisfies StsApi & Record<string, unknown>;
}

/** The access key id names the account, as in every request to this cloud. */
const credentials = (account: Account, accountId: string, seconds: number): Sts.Credentials => ({
  AccessKeyId: accountId,
  SecretAccessKey: account.hex(40),
  SessionToken: account.hex(64),
  // By the clock of the caller's computer, as its SDK compares them.
  Expiration: new Date(Date.now() + seconds * SECOND),
});

const validation = (message: string): ServiceError => new ServiceError("ValidationError", message);
