import type * as Logs from "@aws-sdk/client-cloudwatch-logs";
import type { Account } from "../../core/account.js";
import type { Answer } from "../../core/answer.js";
import { untilConsistent } from "../../core/consistency.js";
import { ServiceError } from "../../core/service-error.js";
import { createLogStream } from "./put-log-line.js";
import { findLogGroup, invalidParameter, logGroupOfArn, noSuchStream, requireLogs } from "./request.js";
import type { LogEvent, LogGroup } from "./state.js";

const [HOUR, DAY] = [3_600_000, 86_400_000];
/** Source: CloudWatch Logs API reference, PutLogEvents and GetLogEvents. */
const [MOST_EVENTS, MOST_BYTES, PAGE] = [10_000, 1_048_576, 10_000];

/** Streams and events by hand, besides those of containers. */
export const logEvents = (account: Account) => ({
  async createLogStream(input: Logs.CreateLogStreamCommandInput): Answer<Logs.CreateLogStreamCommandOutput> {
    requireLogs(input, ["logGroupName", "logStreamName"]);
    const group = findLogGroup(account, input.logGroupName);
    const { logStreamName: name = "" } = input;
    if (name.length > 512 || /[:*]/.test(name))
      throw invalidParameter(
        `1 validation error detected: Value '${name}' at 'logStreamName' failed to satisfy constraint: Member must satisfy regular expression pattern: [^:*]*`,
      );
    if (group.streams.has(name))
      throw new ServiceError("ResourceAlreadyExistsException", "The specified log stream already exists");
    createLogStream(account, group.name, name);
    return {};
  },

  async deleteLogStream(input: Logs.DeleteLogStreamCommandInput): Answer<Logs.DeleteLogStreamCommandOutput> {
    requireLogs(input, ["logGroupName", "logStreamName"]);
    const group = findLogGroup(account, input.logGroupName);
    streamOf(group, input.logStreamName);
    group.streams.delete(input.logStreamName ?? "");
    group.streamsCreatedAt.delete(input.logStreamName ?? "");
    return {};
  },

  async putLogEvents(input: Logs.PutLogEventsCommandInput): Answer<Logs.PutLogEventsCommandOutput> {
    requireLogs(input, ["logGroupName", "logStreamName", "logEvents"]);
    const group = findLogGroup(account, input.logGroupName);
    const stream = streamOf(group, input.logStreamName);
    const events = input.logEvents ?? [];
    check(events);
    const now = account.clock.now();
    const tooOld = now - (group.retentionInDays ?? 14) * DAY;
    const isOld = ({ timestamp = 0 }: Logs.InputLogEvent) => timestamp < Math.max(tooOld, now - 14 * DAY);
    const isNew = ({ timestamp = 0 }: Logs.InputLogEvent) => timestamp > now + 2 * HOUR;
    const accepted = events.filter((event) => !isOld(event) && !isNew(event));
    for (const { timestamp = 0, message = "" } of accepted)
      stream.push({ id: account.hex(56), timestamp, message });
    stream.sort((one, other) => one.timestamp - other.timestamp);
    const [oldEnd, newStart] = [events.findLastIndex(isOld), events.findIndex(isNew)];
    return {
      nextSequenceToken: account.hex(56),
      ...((oldEnd >= 0 || newStart >= 0) && {
        rejectedLogEventsInfo: {
          ...(oldEnd >= 0 && { tooOldLogEventEndIndex: oldEnd + 1 }),
          ...(newStart >= 0 && { tooNewLogEventStartIndex: newStart }),
        },
      }),
    };
  },

  async getLogEvents(input: Logs.GetLogEventsCommandInput): Answer<Logs.GetLogEventsCommandOutput> {
    requireLogs(input, ["logStreamName"]);
    const group =
      input.logGroupName === undefined
        ? logGroupOfArn(account, input.logGroupIdentifier)
        : findLogGroup(account, input.logGroupName);
    const { limit = PAGE, startTime = 0, endTime = Infinity, startFromHead = false, nextToken } = input;
    if (limit < 1 || limit > PAGE)
      throw invalidParameter(
        `1 validation error detected: Value '${limit}' at 'limit' failed to satisfy constraint: Member must have value ${limit < 1 ? "greater than or equal to 1" : `less than or equal to ${PAGE}`}`,
      );
    const known = account.clock.now() - untilConsistent(account, "logIngestion");
    const events = streamOf(group, input.logStreamName).filter(
      ({ timestamp }) =>
        timestamp >= startTime && timestamp < endTime && timestamp <= Math.max(known, timestamp),
    );
    const start =
      nextToken === undefined ? (startFromHead ? 0 : events.length - limit) : position(nextToken, limit);
    const [from, to] = [Math.max(0, start), Math.min(events.length, Math.max(0, start + limit))];
    const shown = events.slice(from, to);
    return {
      events: shown.map(({ timestamp, message }) => ({
        timestamp,
        message,
        ingestionTime: timestamp + untilConsistent(account, "logIngestion"),
      })),
      // The tokens of an end return themselves.
      nextForwardToken: `f/${String(Math.max(from, to)).padStart(56, "0")}`,
      nextBackwardToken: `b/${String(from).padStart(56, "0")}`,
    };
  },

  async untagResource(input: Logs.UntagResourceCommandInput): Answer<Logs.UntagResourceCommandOutput> {
    requireLogs(input, ["resourceArn", "tagKeys"]);
    const { tags } = logGroupOfArn(account, input.resourceArn);
    for (const key of input.tagKeys ?? []) tags.delete(key);
    return {};
  },

  async listTagsLogGroup(
    input: Logs.ListTagsLogGroupCommandInput,
  ): Answer<Logs.ListTagsLogGroupCommandOutput> {
    requireLogs(input, ["logGroupName"]);
    return { tags: Object.fromEntries(findLogGroup(account, input.logGroupName).tags) };
  },

  async tagLogGroup(input: Logs.TagLogGroupCommandInput): Answer<Logs.TagLogGroupCommandOutput> {
    requireLogs(input, ["logGroupName", "tags"]);
    const { tags } = findLogGroup(account, input.logGroupName);
    for (const [key, value] of Object.entries(input.tags ?? {})) tags.set(key, value);
    return {};
  },

  async untagLogGroup(input: Logs.UntagLogGroupCommandInput): Answer<Logs.UntagLogGroupCommandOutput> {
    requireLogs(input, ["logGroupName", "tags"]);
    const { tags } = findLogGroup(account, input.logGroupName);
    for (const key of input.tags ?? []) tags.delete(key);
    return {};
  },
});

function streamOf(group: LogGroup, name: string | undefined): LogEvent[] {
  const found = group.streams.get(name ?? "");
  if (found === undefined) throw noSuchStream();
  return found;
}

function check(events: readonly Logs.InputLogEvent[]): void {
  if (events.length < 1 || events.length > MOST_EVENTS)
    throw invalidParameter(`Log events in a single PutLogEvents request must be 1 to ${MOST_EVENTS}.`);
  const bytes = events.reduce((sum, { message = "" }) => sum + Buffer.byteLength(message) + 26, 0);
  if (bytes > MOST_BYTES)
    throw invalidParameter(`Upload too large: ${bytes} bytes exceeds limit of ${MOST_BYTES}`);
  const isSorted = events.every(
    ({ timestamp = 0 }, index) => index === 0 || timestamp >= (events[index - 1]!.timestamp ?? 0),
  );
  if (!isSorted)
    throw invalidParameter("Log events in a single PutLogEvents request must be in chronological order.");
  const times = events.map(({ timestamp = 0 }) => timestamp);
  if (Math.max(...times) - Math.min(...times) > DAY)
    throw invalidParameter(
      "The batch of log events in a single PutLogEvents request cannot span more than 24 hours.",
    );
}

/** Where a page begins: after the forward token's position, or before the backward token's. */
function position(token: string, limit: number): number {
  const found = /^([fb])\/(\d+)$/.exec(token);
  if (found === null) throw invalidParameter("The specified nextToken is invalid.");
  const at = Number(found[2]);
  return found[1] === "f" ? at : at - limit;
}
