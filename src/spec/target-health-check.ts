import { formatDuration } from "./parsing/duration.js";
import { formatValue } from "./parsing/format-value.js";
import { isPlainObject } from "./parsing/frozen-copy.js";
import type { Issues } from "./parsing/issues.js";
import { OptionsReader } from "./parsing/options-reader.js";

/** The load balancer's health check of every task. */
export interface TargetHealthCheckOptions {
  /** The path of the request, beginning with `/`. @defaultValue `"/"` */
  readonly path?: string | undefined;
  /** The HTTP status codes of a healthy response, within 200 to 499: `"200"`, `"200-399"`, `"200,204"`. @defaultValue `"200-399"` */
  readonly codes?: string | undefined;
  /** The time between two checks, 5 s to 5 min. @defaultValue `"10s"` */
  readonly interval?: string | undefined;
  /** The timeout of a check, 2 s to 2 min and less than `interval`. @defaultValue `"5s"`, or less with a short `interval` */
  readonly timeout?: string | undefined;
  /** The number of consecutive passed checks that make an unhealthy task healthy, 2 to 10; a new task needs one. @defaultValue 2 */
  readonly healthyThreshold?: number | undefined;
  /** The number of consecutive failed checks that make a task unhealthy, 2 to 10. @defaultValue 3 */
  readonly unhealthyThreshold?: number | undefined;
}

export interface TargetHealthCheckSpec {
  readonly path: string;
  /** The HTTP status codes of a healthy response: `200`, `200-399`, `200,204`. */
  readonly codes: string;
  readonly interval: number;
  readonly timeout: number;
  readonly healthyThreshold: number;
  readonly unhealthyThreshold: number;
}

/*
 * Source of the ranges: Elastic Load Balancing API reference, CreateTargetGroup and Matcher. The defaults
 * are shorter than AWS's (30 s, 5 times), so that a failing task is detected within half a minute.
 */
const INTERVAL = { min: 5, max: 300 };
const TIMEOUT = { min: 2, max: 120 };
const THRESHOLD = { min: 2, max: 10 };
const CODE = { min: 200, max: 499 };
const MAX_PATH_LENGTH = 1024;
const DEFAULT_TIMEOUT = 5;

export function parseTargetHealthCheck(value: unknown, issues: Issues): TargetHealthCheckSpec {
  const path = "behindAlb.healthCheck";
  const isPath = typeof value === "string";
  if (value !== undefined && !isPath && !isPlainObject(value)) {
    issues.add(
      path,
      `must be a path or { path, codes, interval, timeout, healthyThreshold, unhealthyThreshold }; got ${formatValue(value)}`,
    );
  }
  const details = isPath ? { path: value } : isPlainObject(value) ? value : undefined;
  const options = new OptionsReader<TargetHealthCheckOptions>(details, path, issues);
  const checked = parsePath(options.raw("path"), (message) =>
    issues.add(isPath ? path : options.pathOf("path"), message),
  );
  const codes = parseCodes(options);
  const interval = options.duration("interval", INTERVAL) ?? 10;
  const timeout = options.duration("timeout", TIMEOUT) ?? Math.min(DEFAULT_TIMEOUT, interval - 1);
  if (timeout >= interval) {
    options.issue(
      "timeout",
      `must be less than interval, ${formatDuration(interval)}; got ${formatValue(formatDuration(timeout))}`,
    );
  }
  const healthyThreshold = options.integer("healthyThreshold", THRESHOLD) ?? 2;
  const unhealthyThreshold = options.integer("unhealthyThreshold", THRESHOLD) ?? 3;
  options.close();
  return { path: checked, codes, interval, timeout, healthyThreshold, unhealthyThreshold };
}

function parsePath(value: unknown, issue: (message: string) => void): string {
  if (value === undefined) return "/";
  if (typeof value === "string" && value.length <= MAX_PATH_LENGTH && /^\/[!-~]*$/.test(value)) return value;
  issue(
    `must be a path that begins with / and has at most ${MAX_PATH_LENGTH} characters; got ${formatValue(value)}`,
  );
  return "/";
}

function parseCodes(options: OptionsReader<TargetHealthCheckOptions>): string {
  const value = options.raw("codes");
  if (value === undefined) return "200-399";
  if (typeof value === "string" && value.split(",").every(isCodeOrRange)) return value;
  const example = '"200", "200-399" or "200,204"';
  options.issue(
    "codes",
    `must be HTTP codes from ${CODE.min} to ${CODE.max}, such as ${example}; got ${formatValue(value)}`,
  );
  return "200-399";
}

function isCodeOrRange(text: string): boolean {
  const match = /^(\d{3})(?:-(\d{3}))?$/.exec(text);
  if (match === null) return false;
  const from = Number(match[1]);
  const to = Number(match[2] ?? match[1]);
  return from >= CODE.min && to <= CODE.max && from <= to;
}
