import type { LogsApi } from "../../../aws/api.js";
import type { Account } from "../../core/account.js";
import { describeLogStreams } from "./describe-log-streams.js";
import { filterLogEvents } from "./filter-log-events.js";
import { logEvents } from "./log-events.js";
import { logGroups } from "./log-groups.js";

/** CloudWatch Logs as far as a deployment needs it. */
export function createLogs(account: Account): LogsApi {
  return {
    ...logGroups(account),
    ...describeLogStreams(account),
    ...filterLogEvents(account),
    ...logEvents(account),
  };
}
