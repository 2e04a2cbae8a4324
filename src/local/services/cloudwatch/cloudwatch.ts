import type { CloudWatchPort } from "../../../aws/api.js";
import type { Account } from "../../core/account.js";
import { createAlarms } from "./alarms.js";
import { evaluate } from "./evaluate.js";
import { measure } from "./measure.js";

const MINUTE = 60_000;

/** CloudWatch: alarms, which look at their metrics once a minute. */
export function createCloudWatch(account: Account): CloudWatchPort {
  keepMinutes(account);
  return createAlarms(account);
}

/**
 * The minutes pass as long as one may bring something new: on the virtual clock a cloud in which nothing
 * changes has nothing scheduled. What real processes do can change at any time.
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
