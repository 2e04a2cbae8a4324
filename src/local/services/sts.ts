import type { StsApi } from "../../aws/api.js";
import type { Account } from "../core/account.js";
import { callerArn } from "../core/caller.js";

/** Security Token Service: who the caller is. AWS allows the question to everybody, whatever the policies are. */
export function createSts(account: Account): StsApi {
  return {
    async getCallerIdentity() {
      return { Account: account.accountId, Arn: callerArn(account), UserId: "AIDALOCALCLOUD0000000" };
    },
  };
}
