import type { CloudWatchApi } from "../../../aws/api.js";
import type { Account } from "../../core/account.js";
import { createAlarmChanges } from "./alarm-changes.js";
import { createAlarms } from "./alarms.js";
import { evaluate } from "./evaluate.js";
import { createMetrics } from "./metrics.js";
import { measure } from "./measure.js";

const MINUTE = 60_000;

/** CloudWatch: alarms, which evaluate their metrics once a minute. */
export function createCloudWatch(account: Account): CloudWatchApi {
  evaluateEveryMinute(account);
  return { ...createAlarms(account), ...createAlarmChanges(account), ...createMetrics(account) };
}

/**
 * Evaluates once a minute, as long as the next minute may change something: on the virtual clock, an idle cloud
 * has nothing scheduled. Real processes can change at any time.
 */
function evaluateEveryMinute(account: Account): void {
  let isScheduled = false;
  const scheduleMinute = (): void => {
    const isNeeded =
      account.cloudWatch.alarms.size > 0 || account.events.everyMinute.some(({ isActive }) => isActive());
    if (isScheduled || !isNeeded) return;
    isScheduled = true;
    account.clock.schedule(MINUTE, minute);
  };
  const minute = (): void => {
    if (account.isReal) measure(account);
    const alarms = [...account.cloudWatch.alarms.values()].map((alarm) => evaluate(account, alarm));
    const others = account.events.everyMinute.map(({ evaluate: evaluateOther }) => evaluateOther());
    isScheduled = false;
    if (account.isReal || [...alarms, ...others].includes(true)) scheduleMinute();
  };
  account.events.changed.push(scheduleMinute);
}
