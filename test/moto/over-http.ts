import { aws, type Cloud } from "../../src/index.js";
import type { Account } from "./http-cloud.js";
import { isLocalAccount } from "./local-server.js";
import { shortPauses } from "./short-pauses.js";

/** The time that a run gives STS: a deadline, not a pause. */
const PATIENCE = 10_000;

/** AWS at the account's endpoint. The minutes of the local cloud pass faster, and so do the pauses. */
export function overHttp(account: Account, options: Parameters<typeof aws>[0] = {}): Cloud {
  const cloud = aws({ ...account, ...options });
  if (!isLocalAccount(account)) return cloud;
  const short = shortPauses(cloud, 100);
  const { now, sleep } = short.clock;
  return {
    ...short,
    clock: { now, sleep: (ms, signal) => (ms === PATIENCE ? cloud.clock : { sleep }).sleep(ms, signal) },
  };
}
