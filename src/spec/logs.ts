import type { LogsSpec } from "./deployment-spec.js";
import { deriveName } from "./derive-name.js";
import { parseDuration } from "./parsing/duration.js";
import { formatValue, oneOf } from "./parsing/format-value.js";
import type { DeploymentInput } from "./input.js";
import type { Issues } from "./parsing/issues.js";
import { RETENTION_DAYS } from "./log-retention.js";
import { LOG_GROUP_NAME, LOG_STREAM_PREFIX, nameProblem } from "./names.js";
import type { LogsOptions } from "./options/logs-options.js";
import { OptionsReader } from "./parsing/options-reader.js";

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
    `must be one of the days that CloudWatch Logs knows, ${allowed}; got ${formatValue(value)}`,
  );
  return undefined;
}
