import { parseSecrets, type SecretSource, type SecretsOptions } from "../environment.js";
import { formatValue, oneOf } from "../parsing/format-value.js";
import { isPlainObject } from "../parsing/frozen-copy.js";
import type { Issues } from "../parsing/issues.js";
import { OptionsReader } from "../parsing/options-reader.js";

export type LogDriver =
  "awslogs" | "awsfirelens" | "fluentd" | "gelf" | "journald" | "json-file" | "splunk" | "syslog";

/** A log driver with its own options. Source: Amazon ECS API reference, LogConfiguration. */
export interface LogDriverOptions {
  /** On Fargate `"awslogs"`, `"awsfirelens"` or `"splunk"`. */
  readonly driver: LogDriver;
  /**
   * The driver's options, as Docker and AWS name them. With `awsfirelens`, those of the router's output, such as
   * `{ Name: "cloudwatch", region, log_group_name }`. @defaultValue none
   */
  readonly options?: Readonly<Record<string, string>> | undefined;
  /** Options whose values ECS fetches, as those of `secrets`. @defaultValue none */
  readonly secretOptions?: SecretsOptions | undefined;
}

export interface LogDriverSpec {
  readonly driver: LogDriver;
  readonly options: Readonly<Record<string, string>>;
  readonly secretOptions: Readonly<Record<string, SecretSource>>;
}

const DRIVERS = [
  "awslogs",
  "awsfirelens",
  "fluentd",
  "gelf",
  "journald",
  "json-file",
  "splunk",
  "syslog",
] as const;
/** Source: Amazon ECS API reference, LogConfiguration `logDriver`. */
export const FARGATE_DRIVERS: readonly string[] = Object.freeze(["awslogs", "awsfirelens", "splunk"]);

export function parseLogDriver(given: unknown, path: string, issues: Issues): LogDriverSpec | undefined {
  if (given === undefined) return undefined;
  if (!isPlainObject(given)) {
    issues.add(
      path,
      `must be { driver, options, secretOptions }, or false for none; got ${formatValue(given)}`,
    );
    return undefined;
  }
  const options = new OptionsReader<LogDriverOptions>(given, path, issues);
  const spec = readLogDriver(options, issues);
  options.close();
  // ECS refuses it without these two.
  const missing =
    spec?.driver === "awslogs"
      ? ["awslogs-group", "awslogs-region"].filter((key) => spec.options[key] === undefined)
      : [];
  if (missing.length > 0)
    options.issue("options", `must have ${missing.join(" and ")}, which the driver awslogs requires`);
  return spec;
}

/** Reads the options of a driver that has other options beside them. */
export function readLogDriver(
  options: OptionsReader<LogDriverOptions>,
  issues: Issues,
): LogDriverSpec | undefined {
  const driver = options.oneOf("driver", DRIVERS);
  if (options.raw("driver") === undefined) options.issue("driver", `is required: ${oneOf(DRIVERS)}`);
  const values = options.map("options") ?? {};
  const secretOptions = parseSecrets(options.raw("secretOptions"), options.pathOf("secretOptions"), issues);
  for (const key of Object.keys(secretOptions))
    if (Object.hasOwn(values, key))
      issues.add(`${options.pathOf("secretOptions")}.${key}`, "is also set in options: set it once");
  return driver === undefined ? undefined : { driver, options: values, secretOptions };
}
