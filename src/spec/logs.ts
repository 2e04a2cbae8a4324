import { deriveName } from "./derive-name.js";
import type { DeploymentInput } from "./input.js";
import { LOG_GROUP_NAME, LOG_STREAM_PREFIX, nameProblem } from "./names.js";
import { parseDuration } from "./parsing/duration.js";
import { formatValue, oneOf, textOf } from "./parsing/format-value.js";
import { isPlainObject } from "./parsing/frozen-copy.js";
import type { Issues } from "./parsing/issues.js";
import { OptionsReader } from "./parsing/options-reader.js";
import { readLogDriver, type LogDriverOptions, type LogDriverSpec } from "./task/log-driver.js";
import type { LogRouterOptions } from "./task/log-router.js";

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
  /** The pattern of the line with which an event begins: those that do not match belong to the one before. @defaultValue each line is an event */
  readonly multiline?: string | undefined;
  /** The date and time with which an event begins, in the format of strftime, instead of `multiline`. @defaultValue none */
  readonly datetimeFormat?: string | undefined;
  /**
   * `"blocking"`: no line is lost, and the process waits while CloudWatch Logs does not answer.
   * `"non-blocking"`: lines are lost when the buffer is full. @defaultValue `"non-blocking"`, ECS's default
   */
  readonly mode?: "blocking" | "non-blocking" | undefined;
  /** The buffer of the mode `"non-blocking"`, such as `"25m"`. @defaultValue `"10m"`, ECS's default */
  readonly bufferSize?: string | undefined;
  /**
   * The class of the log group, which AWS cannot change: `"INFREQUENT_ACCESS"` costs half as much, and its events
   * can be read with CloudWatch Logs Insights only, not with `tail()`. @defaultValue `"STANDARD"`
   */
  readonly class?: "STANDARD" | "INFREQUENT_ACCESS" | undefined;
  /** The ARN of the KMS key that encrypts the log group; its policy must permit CloudWatch Logs. @defaultValue AWS's own key */
  readonly kmsKey?: string | undefined;
  /** True to use an existing log group as it is, also one that is not managed by quayside; it is created if it does not exist. @defaultValue `false` */
  readonly shared?: boolean | undefined;
  /** Other options of the `awslogs` driver, such as `{ "awslogs-force-flush-interval-seconds": "2" }`. @defaultValue none */
  readonly options?: Readonly<Record<string, string>> | undefined;
}

/** Another log driver than `awslogs` for all containers. */
export interface LogDriverLogsOptions extends LogDriverOptions {
  /**
   * The log router that is added to the task, with the driver `awsfirelens`. It logs to the log group itself.
   * @defaultValue none: a container of the task has `firelens`
   */
  readonly router?: LogRouterOptions | undefined;
}

export interface LogsSpec {
  readonly group: string;
  readonly streamPrefix: string;
  /** Days; `undefined`: log events are never deleted. */
  readonly retention: number | undefined;
  readonly class: "STANDARD" | "INFREQUENT_ACCESS" | undefined;
  readonly kmsKey: string | undefined;
  /** `share`: an existing log group is used as it is. */
  readonly claim: "own" | "share";
  /** The driver of the containers without one of their own; for `awslogs`, without group, region and prefix. */
  readonly driver: LogDriverSpec;
  /** The options of the router, which is one of the sidecars. */
  readonly router: unknown;
}

/** The retention periods that CloudWatch Logs supports, in days. Source: CloudWatch Logs API reference, PutRetentionPolicy. */
export const RETENTION_DAYS: readonly number[] = Object.freeze([
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
]);

const SECONDS_A_DAY = 86_400;
const DEFAULT_RETENTION = 30;
/** The options that have words of their own. */
const OWN_OPTIONS = ["awslogs-group", "awslogs-stream-prefix"];

export function parseLogs(input: DeploymentInput["logs"], deployment: string, issues: Issues): LogsSpec {
  const group = input?.group ?? deployment;
  const problem = nameProblem(LOG_GROUP_NAME, group);
  if (problem !== undefined && input?.group !== undefined) issues.add("logs.group", problem);
  const given = input?.options;
  const isDriver = isPlainObject(given) && given.driver !== undefined;
  const parsed = isDriver ? parseDriver(given, deployment, issues) : parseAwslogs(given, deployment, issues);
  return { group: textOf(group), ...parsed };
}

type Parsed = Omit<LogsSpec, "group">;

function parseDriver(given: unknown, deployment: string, issues: Issues): Parsed {
  const options = new OptionsReader<LogDriverLogsOptions>(given, "logs", issues);
  const driver = readLogDriver(options as OptionsReader<LogDriverOptions>, issues);
  const router = options.raw("router");
  if (router !== undefined && driver !== undefined && driver.driver !== "awsfirelens")
    options.issue("router", 'needs the driver "awsfirelens", whose logs it routes');
  if (driver?.driver === "awslogs")
    options.issue(
      "driver",
      "must not be awslogs, which is the default: call .logs(group, { … }) with its options",
    );
  options.close();
  return {
    streamPrefix: deriveName(LOG_STREAM_PREFIX, deployment),
    retention: DEFAULT_RETENTION,
    class: undefined,
    kmsKey: undefined,
    claim: "own",
    driver: driver ?? AWSLOGS,
    router,
  };
}

const AWSLOGS: LogDriverSpec = { driver: "awslogs", options: {}, secretOptions: {} };

function parseAwslogs(given: unknown, deployment: string, issues: Issues): Parsed {
  const options = new OptionsReader<LogsOptions>(given, "logs", issues);
  const streamPrefix =
    options.name("streamPrefix", LOG_STREAM_PREFIX) ?? deriveName(LOG_STREAM_PREFIX, deployment);
  const retention = parseRetention(options);
  const multiline = options.string("multiline", "a pattern");
  const datetimeFormat = options.string("datetimeFormat", 'a format, such as "%Y-%m-%d"');
  if (multiline !== undefined && datetimeFormat !== undefined)
    options.issue("datetimeFormat", "must not be set with multiline, which the driver prefers: remove one");
  const mode = options.oneOf("mode", ["blocking", "non-blocking"]);
  const bufferSize = options.string("bufferSize");
  if (bufferSize !== undefined && !/^\d+[bkmg]?$/i.test(bufferSize))
    options.issue("bufferSize", `must be a size, such as "25m"; got ${formatValue(bufferSize)}`);
  if (bufferSize !== undefined && mode === "blocking")
    options.issue("bufferSize", 'needs the mode "non-blocking"');
  const logClass = options.oneOf("class", ["STANDARD", "INFREQUENT_ACCESS"]);
  const kmsKey = options.string("kmsKey");
  if (kmsKey !== undefined && !/^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/.+$/.test(kmsKey))
    options.issue(
      "kmsKey",
      `must be the ARN of a KMS key, arn:aws:kms:{region}:{account}:key/…; got ${formatValue(kmsKey)}`,
    );
  const claim = options.boolean("shared") === true ? "share" : "own";
  const more = options.map("options") ?? {};
  for (const key of Object.keys(more))
    if (OWN_OPTIONS.includes(key) || !/^(?:awslogs-|mode$|max-buffer-size$)/.test(key))
      options.issue(
        "options",
        OWN_OPTIONS.includes(key)
          ? `must not have ${key}, which is ${key === OWN_OPTIONS[0] ? "the first argument of .logs" : "streamPrefix"}`
          : `must be options of the driver awslogs; got ${formatValue(key)}`,
      );
  options.close();
  return {
    streamPrefix,
    retention,
    class: logClass,
    kmsKey,
    claim,
    driver: {
      ...AWSLOGS,
      options: {
        ...more,
        ...(multiline !== undefined && { "awslogs-multiline-pattern": multiline }),
        ...(datetimeFormat !== undefined && { "awslogs-datetime-format": datetimeFormat }),
        ...(mode !== undefined && { mode }),
        ...(bufferSize !== undefined && { "max-buffer-size": bufferSize }),
      },
    },
    router: undefined,
  };
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
