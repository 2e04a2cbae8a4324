import { deriveName } from "./derive-name.js";
import type { DeploymentInput } from "./input.js";
import { LOG_GROUP_NAME, LOG_STREAM_PREFIX, nameProblem } from "./names.js";
import { parseDuration } from "./parsing/duration.js";
import { formatValue, oneOf } from "./parsing/format-value.js";
import type { Issues } from "./parsing/issues.js";
import { OptionsReader } from "./parsing/options-reader.js";

/** The containers' logs in CloudWatch Logs. */
export interface LogsOptions {
  /**
   * The retention of log events: a number of days that CloudWatch Logs supports, such as `"30d"`, or
   * `"never"` to never delete them. AWS bills the storage.
   * @defaultValue `"30d"`
   */
  readonly retention?: string | undefined;
  /** The prefix of log streams, which are named `{streamPrefix}/{container}/{task}`. @defaultValue the deployment's name */
  readonly streamPrefix?: string | undefined;
}

export interface LogsSpec {
  readonly group: string;
  readonly streamPrefix: string;
  /** Days; `undefined`: log events are never deleted. */
  readonly retention: number | undefined;
}

/** The retention periods that CloudWatch Logs supports, in days. Source: CloudWatch Logs API reference, PutRetentionPolicy. */
export const RETENTION_DAYS: readonly number[] = Object.freeze([
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
]);

const SECONDS_A_DAY = 86_400;
const DEFAULT_RETENTION = 30;

export function parseLogs(input: DeploymentInput["logs"], deployment: string, issues: Issues): LogsSpec {
  const group = input?.group ?? deployment;
  const problem = nameProblem(LOG_GROUP_NAME, group);
  if (problem !== undefined && input?.group !== undefined) issues.add("logs.group", problem);

  const options = new OptionsReader<LogsOptions>(input?.options, "logs", issues);
  const streamPrefix =
    options.name("streamPrefix", LOG_STREAM_PREFIX) ?? deriveName(LOG_STREAM_PREFIX, deployment);
  const retention = parseRetention(options);
  options.close();
  return { group: String(group), streamPrefix, retention };
}

function parseRetention(options: OptionsReader<LogsOptions>): number | undefined {
  const value = options.raw("retention");
  if (value === undefined) return DEFAULT_RETENTION;
  if (value === "never") return undefined;
  const seconds = parseDuration(value);
  const days = seconds === undefined ? undefined : seconds / SECONDS_A_DAY;
  if (days !== undefined && RETENTION_DAYS.includes(days)) return days;
  const allowed = oneOf([...RETENTION_DAYS.map((each) => `${each}d`), '"never"']);
  options.issue(
    "retention",
    `must be a retention that CloudWatch Logs supports, ${allowed}; got ${formatValue(value)}`,
  );
  return undefined;
}
