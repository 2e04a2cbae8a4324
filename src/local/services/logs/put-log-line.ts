import type { Account } from "../../core/account.js";

/**
 * What a container's `awslogs` driver does with a line: appends it to the stream, which appears with
 * its first line. Returns false, and writes nothing, when there is no such log group.
 */
export function putLogLine(account: Account, group: string, stream: string, message: string): boolean {
  const logGroup = account.logs.groups.get(group);
  if (logGroup === undefined) return false;
  const events = logGroup.streams.get(stream) ?? [];
  logGroup.streams.set(stream, events);
  events.push({ id: account.hex(56), timestamp: Math.floor(account.clock.now()), message });
  return true;
}
