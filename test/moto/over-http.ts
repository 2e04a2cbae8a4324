import { aws, type Cloud } from "../../src/index.js";
import type { Account } from "./http-cloud.js";
import { isLocalAccount, TIME_SCALE } from "./local-server.js";
import { shortPauses } from "./short-pauses.js";

export interface OverHttpOptions extends NonNullable<Parameters<typeof aws>[0]> {
  /** How many times shorter the pauses are with moto, which is done when it answers. @defaultValue 1 */
  readonly shorter?: number;
}

/** AWS at the account's endpoint. With the local cloud, pauses are as much shorter as its minutes are. */
export function overHttp(account: Account, { shorter = 1, ...options }: OverHttpOptions = {}): Cloud {
  return shortPauses(aws({ ...account, ...options }), isLocalAccount(account) ? TIME_SCALE : shorter);
}
