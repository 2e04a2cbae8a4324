import type { LogsPort } from "../../../aws/api.js";
import type { World } from "../../core/account.js";
import { describeLogStreams } from "./describe-log-streams.js";
import { filterLogEvents } from "./filter-log-events.js";
import { logGroups } from "./log-groups.js";

/** CloudWatch Logs as far as a deployment needs it. */
export function createLogs(world: World): LogsPort {
  return { ...logGroups(world), ...describeLogStreams(world), ...filterLogEvents(world) };
}
