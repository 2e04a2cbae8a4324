import { formatDuration } from "./parsing/duration.js";
import { formatValue } from "./parsing/format-value.js";
import { isPlainObject } from "./parsing/frozen-copy.js";
import type { Issues } from "./parsing/issues.js";
import { OptionsReader } from "./parsing/options-reader.js";

/** The load balancer's health check of every task. */
export interface TargetHealthCheckOptions {
  /**
   * The path of the request, beginning with `/`; with gRPC, the method: `"/grpc.health.v1.Health/Check"`.
   * @defaultValue `"/"`; with gRPC `"/AWS.ALB/healthcheck"`, which every gRPC server answers as unimplemented
   */
  readonly path?: string | undefined;
  /**
   * The HTTP status codes of a healthy response, within 200 to 499: `"200"`, `"200-399"`, `"200,204"`. With gRPC, its own
   * codes, within 0 to 99. @defaultValue `"200-399"`; with gRPC `"0"` for a path, `"12"` without one
   */
  readonly codes?: string | undefined;
  /**
   * The port that is checked instead of the container's: 1 to 65535. With a network interface for each task (Fargate, the
   * network mode `awsvpc`), a port of any of the task's containers; otherwise a fixed `hostPort` of one of them.
   * @defaultValue the port that gets the requests
   */
  readonly port?: number | undefined;
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
  /** `undefined`: the port that gets the requests. */
  readonly port?: number | undefined;
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
const GRPC_CODE = { min: 0, max: 99 };
const PORT = { min: 1, max: 65_535 };
/** ELB's own path for gRPC, which no server implements: UNIMPLEMENTED (12) is the answer of one that runs. */
const GRPC_PATH = "/AWS.ALB/healthcheck";
const MAX_PATH_LENGTH = 1024;
const DEFAULT_TIMEOUT = 5;

export function parseTargetHealthCheck(
  value: unknown,
  protocol: "http2" | "grpc" | undefined,
  issues: Issues,
): TargetHealthCheckSpec {
  const path = "behindAlb.healthCheck";
  const isPath = typeof value === "string";
  if (value !== undefined && !isPath && !isPlainObject(value)) {
    issues.add(
      path,
      `must be a path or { path, codes, port, interval, timeout, healthyThreshold, unhealthyThreshold }; got ${formatValue(value)}`,
    );
  }
  const details = isPath ? { path: value } : isPlainObject(value) ? value : undefined;
  const options = new OptionsReader<TargetHealthCheckOptions>(details, path, issues);
  const isGrpc = protocol === "grpc";
  const given = options.raw("path");
  const checked = parseCheckPath(given ?? (isGrpc ? GRPC_PATH : "/"), (message) =>
    issues.add(isPath ? path : options.pathOf("path"), message),
  );
  const codes = isGrpc
    ? parseCodes(options, GRPC_CODE, "gRPC", '"0", "0-2" or "0,12"', given === undefined ? "12" : "0")
    : parseCodes(options, CODE, "HTTP", '"200", "200-399" or "200,204"', "200-399");
  const pace = parseCheckPace(options);
  options.close();
  return { path: checked, codes, ...pace };
}

/** What the checks of all protocols have: the port, and how often and when they count. */
export function parseCheckPace(
  options: OptionsReader<Omit<TargetHealthCheckOptions, "path" | "codes">>,
): Omit<TargetHealthCheckSpec, "path" | "codes"> {
  const port = options.integer("port", PORT);
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
  return { ...(port !== undefined && { port }), interval, timeout, healthyThreshold, unhealthyThreshold };
}

export function parseCheckPath(value: unknown, issue: (message: string) => void): string {
  if (typeof value === "string" && value.length <= MAX_PATH_LENGTH && /^\/[!-~]*$/.test(value)) return value;
  issue(
    `must be a path that begins with / and has at most ${MAX_PATH_LENGTH} characters; got ${formatValue(value)}`,
  );
  return "/";
}

export function parseCodes(
  options: OptionsReader<Pick<TargetHealthCheckOptions, "codes">>,
  range: typeof CODE,
  of: string,
  example: string,
  defaultValue: string,
): string {
  const value = options.raw("codes");
  if (value === undefined) return defaultValue;
  if (typeof value === "string" && value.split(",").every((part) => isCodeOrRange(part, range))) return value;
  options.issue(
    "codes",
    `must be ${of} codes from ${range.min} to ${range.max}, such as ${example}; got ${formatValue(value)}`,
  );
  return defaultValue;
}

function isCodeOrRange(text: string, { min, max }: typeof CODE): boolean {
  const match = /^(\d{1,3})(?:-(\d{1,3}))?$/.exec(text);
  if (match === null) return false;
  const from = Number(match[1]);
  const to = Number(match[2] ?? match[1]);
  return from >= min && to <= max && from <= to;
}
