import type { Account } from "./account.js";

/** Tells CloudWatch that capacity or load has changed, so that it evaluates its alarms. */
export function notifyChanged({ events }: Pick<Account, "events">): void {
  for (const listener of events.changed) listener();
}
