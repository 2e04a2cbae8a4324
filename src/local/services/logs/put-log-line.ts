import type { Account } from "../../core/account.js";
import { appendBounded, RECORDED } from "../../core/append-bounded.js";

/** Creates a stream, as a container's `awslogs` driver does when the container starts. */
export function createLogStream(account: Account, group: string, stream: string): void {
  const logGroup = account.logs.groups.get(group);
  if (logGroup === undefined || logGroup.streams.has(stream)) return;
  logGroup.streams.set(stream, []);
  logGroup.streamsCreatedAt.set(stream, Math.floor(account.clock.now()));
}

/**
 * Appends a line to a stream, as a container's `awslogs` driver does.
 * Returns false, and writes nothing, if the log group does not exist.
 */
export function putLogLine(account: Account, group: string, stream: string, message: string): boolean {
  const logGroup = account.logs.groups.get(group);
  if (logGroup === undefined) return false;
  const events = logGroup.streams.get(stream) ?? [];
  logGroup.streams.set(stream, events);
  const line = { id: account.hex(56), timestamp: Math.floor(account.clock.now()), message };
  appendBounded(events, line, RECORDED.logLinesOfStream);
  return true;
}
