import type { LogsApi } from "../../../aws/api.js";
import type { Account } from "../../core/account.js";
import { untilConsistent } from "../../core/consistency.js";
import { page } from "../../core/page.js";
import { findLogGroup, invalidParameter, logGroupOfArn } from "./request.js";
import type { LogEvent } from "./state.js";

const MOST = 50;

/** When its last event was ingested; a stream without events has no such time. */
function lastIngestion(account: Account, events: readonly LogEvent[]): number | undefined {
  const last = events.at(-1);
  return last && last.timestamp + untilConsistent(account, "logIngestion");
}

export function describeLogStreams(account: Account): Pick<LogsApi, "describeLogStreams"> {
  return {
    async describeLogStreams(input) {
      const { logStreamNamePrefix: prefix = "", orderBy = "LogStreamName", descending = false } = input;
      if ((input.logGroupName === undefined) === (input.logGroupIdentifier === undefined))
        throw invalidParameter("Exactly one of logGroupName and logGroupIdentifier must be specified.");
      if (orderBy === "LastEventTime" && prefix !== "")
        throw invalidParameter("Cannot order by LastEventTime with a logStreamNamePrefix.");
      const size = input.limit ?? MOST;
      if (size < 1 || size > MOST) throw invalidParameter("limit must be between 1 and 50.");
      const group =
        input.logGroupName === undefined
          ? logGroupOfArn(account, input.logGroupIdentifier)
          : findLogGroup(account, input.logGroupName);
      const streams = [...group.streams]
        .filter(([name]) => name.startsWith(prefix))
        .map(([name, events]) => ({
          logStreamName: name,
          creationTime: group.streamsCreatedAt.get(name) ?? events[0]?.timestamp,
          firstEventTimestamp: events[0]?.timestamp,
          lastEventTimestamp: events.at(-1)?.timestamp,
          lastIngestionTime: lastIngestion(account, events),
          arn: `${group.arn}:log-stream:${name}`,
          // Source: CloudWatch Logs API reference, LogStream: always zero since 2019.
          storedBytes: 0,
        }))
        .sort((one, other) =>
          orderBy === "LastEventTime"
            ? (one.lastEventTimestamp ?? 0) - (other.lastEventTimestamp ?? 0)
            : one.logStreamName < other.logStreamName
              ? -1
              : 1,
        );
      if (descending) streams.reverse();
      const { items, nextToken } = page(streams, input.nextToken, size, () =>
        invalidParameter("The specified nextToken is invalid."),
      );
      return { logStreams: items, nextToken };
    },
  };
}
