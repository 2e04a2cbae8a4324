import type { Receiver } from "../core/client.js";
import type { Account } from "../core/account.js";

/** One region of an account, as requests from the network reach it. */
export interface Endpoint extends Receiver {
  readonly account: Account;
}
