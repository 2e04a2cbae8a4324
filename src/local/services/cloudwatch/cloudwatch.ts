import type { CloudWatchPort } from "../../../aws/api.js";
import type { Account } from "../../core/account.js";
import { createAlarms } from "./alarms.js";
import { evaluate } from "./evaluate.js";
import { measure } from "./measure.js";

const MINUTE = 60_000;

/** CloudWatch: alarms, which evaluate their metrics once a minute. */
export function createCloudWatch(account: Account): CloudWatchPort {
  keepMinutes(account);
  return createAlarms(account);
}

/**
 * Evaluates once a minute, as long as the next minute may change something: on the virtual clock, an idle cloud
 * has nothing scheduled. Real processes can change at any time.
 */
function keepMinutes(account: Account): void {
  let isAwake = false;
  const wake = (): void => {
    const hasSomebody =
      account.cloudWatch.alarms.size > 0 || account.events.minute.some(({ isNeeded }) => isNeeded());
    if (isAwake || !hasSomebody) return;
    isAwake = true;
    account.clock.schedule(MINUTE, minute);
  };
  const minute = (): void => {
    if (account.isReal) measure(account);
    const alarms = [...account.cloudWatch.alarms.values()].map((alarm) => evaluate(account, alarm));
    const others = account.events.minute.map(({ pass }) => pass());
    isAwake = false;
    if (account.isReal || [...alarms, ...others].includes(true)) wake();
  };
  account.events.changed.push(wake);
}
