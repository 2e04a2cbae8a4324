import { aws, type Cloud } from "../../src/index.js";
import type { Account } from "./http-cloud.js";
import { isLocalAccount } from "./local-server.js";
import { shortPauses } from "./short-pauses.js";

/** AWS at the account's endpoint. The time of the local cloud passes at once, so that nothing waits long for it. */
export const overHttp = (account: Account, options: Parameters<typeof aws>[0] = {}): Cloud => {
  const cloud = aws({ ...account, ...options });
  return isLocalAccount(account) ? shortPauses(cloud, 200) : cloud;
};
