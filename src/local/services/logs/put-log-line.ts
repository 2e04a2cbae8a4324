import type { Account } from "../../core/account.js";

/**
 * Appends a line to a stream, as a container's `awslogs` driver does; the first line creates the stream.
 * Returns false, and writes nothing, if the log group does not exist.
 */
export function putLogLine(account: Account, group: string, stream: string, message: string): boolean {
  const logGroup = account.logs.groups.get(group);
  if (logGroup === undefined) return false;
  const events = logGroup.streams.get(stream) ?? [];
  logGroup.streams.set(stream, events);
  events.push({ id: account.hex(56), timestamp: Math.floor(account.clock.now()), message });
  return true;
}
