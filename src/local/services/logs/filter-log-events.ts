import type { FilterLogEventsCommandInput } from "@aws-sdk/client-cloudwatch-logs";
import type { LogsApi } from "../../../aws/api.js";
import type { Account } from "../../core/account.js";
import { untilConsistent } from "../../core/consistency.js";
import { page } from "../../core/page.js";
import { findLogGroup, invalidParameter, logGroupOfArn, noSuchStream } from "./request.js";
import type { LogEvent, LogGroup } from "./state.js";

interface StreamEvent {
  readonly stream: string;
  readonly event: LogEvent;
}

/** The number of events that one call searches: a page can be empty although the next one is not. */
const searchedPerCall = 1000;

export function filterLogEvents(account: Account): Pick<LogsApi, "filterLogEvents"> {
  return {
    async filterLogEvents(input) {
      check(input);
      const group =
        input.logGroupName === undefined
          ? logGroupOfArn(account, input.logGroupIdentifier)
          : findLogGroup(account, input.logGroupName);
      const searched = eventsOf(group, input)
        .filter(
          ({ event }) => event.timestamp <= account.clock.now() - untilConsistent(account, "logIngestion"),
        )
        .sort((one, other) => one.event.timestamp - other.event.timestamp);
      const size = Math.min(searchedPerCall, input.limit ?? searchedPerCall);
      const { items, nextToken } = page(searched, input.nextToken, size, () =>
        invalidParameter("The specified nextToken is invalid."),
      );
      const matches = matcher(input.filterPattern ?? "");
      const found = items.filter(
        ({ event }) =>
          event.timestamp >= (input.startTime ?? 0) &&
          event.timestamp < (input.endTime ?? Number.MAX_SAFE_INTEGER) &&
          matches(event.message),
      );
      return {
        events: found.map(({ stream, event }) => ({
          logStreamName: stream,
          eventId: event.id,
          timestamp: event.timestamp,
          ingestionTime: event.timestamp + untilConsistent(account, "logIngestion"),
          message: event.message,
        })),
        searchedLogStreams: [],
        nextToken,
      };
    },
  };
}

function check(input: FilterLogEventsCommandInput): void {
  if ((input.logGroupName === undefined) === (input.logGroupIdentifier === undefined)) {
    throw invalidParameter("Exactly one of logGroupName and logGroupIdentifier must be specified.");
  }
  if (input.logStreamNames !== undefined && input.logStreamNamePrefix !== undefined) {
    throw invalidParameter("logStreamNames and logStreamNamePrefix cannot be specified together.");
  }
  const names = input.logStreamNames?.length ?? 1;
  if (names < 1 || names > 100) throw invalidParameter("logStreamNames must have 1 to 100 names.");
  for (const key of ["startTime", "endTime"] as const) {
    const time = input[key];
    // Source: CloudWatch Logs API model, Timestamp.
    if (time !== undefined && !(time >= 0))
      throw invalidParameter(
        `1 validation error detected: Value '${time}' at '${key}' failed to satisfy constraint: Member must have value greater than or equal to 0`,
      );
  }
  const limit = input.limit ?? 1;
  if (limit < 1 || limit > 10_000) throw invalidParameter("limit must be between 1 and 10000.");
}

function eventsOf(group: LogGroup, input: FilterLogEventsCommandInput): StreamEvent[] {
  if (input.logStreamNames?.some((name) => !group.streams.has(name))) throw noSuchStream();
  return [...group.streams]
    .filter(([stream]) => input.logStreamNames?.includes(stream) ?? true)
    .filter(([stream]) => stream.startsWith(input.logStreamNamePrefix ?? ""))
    .flatMap(([stream, events]) => events.map((event) => ({ stream, event })));
}

/** Unstructured patterns: every term must occur, `-term` must not, and at least one of the `?term`s must. */
function matcher(pattern: string): (message: string) => boolean {
  const terms = pattern.match(/[-?]?"[^"]*"|\S+/g) ?? [];
  const bare = (term: string) => term.replace(/^[-?]/, "").replace(/^"(.*)"$/, "$1");
  const excluded = terms.filter((term) => term.startsWith("-")).map(bare);
  const optional = terms.filter((term) => term.startsWith("?")).map(bare);
  const required = terms.filter((term) => !/^[-?]/.test(term)).map(bare);
  return (message) =>
    required.every((term) => message.includes(term)) &&
    !excluded.some((term) => message.includes(term)) &&
    (optional.length === 0 || optional.some((term) => message.includes(term)));
}
