import { formatValue } from "./parsing/format-value.js";
import { isPlainObject } from "./parsing/frozen-copy.js";
import type { Issues } from "./parsing/issues.js";
import { OptionsReader } from "./parsing/options-reader.js";
import {
  parseCheckPace,
  parseCheckPath,
  parseCodes,
  type TargetHealthCheckOptions,
  type TargetHealthCheckSpec,
} from "./target-health-check.js";

/** How a Network Load Balancer checks the tasks. */
export interface NetworkHealthCheckOptions extends Omit<TargetHealthCheckOptions, "path" | "codes"> {
  /** `"tcp"`: the task accepts a connection; `"http"`: it answers a request. @defaultValue `"http"` with a path, else `"tcp"` */
  readonly protocol?: "tcp" | "http" | undefined;
  /** With HTTP: the path of the request, beginning with `/`. @defaultValue `"/"` */
  readonly path?: string | undefined;
  /** With HTTP: the status codes of a healthy response, within 200 to 599: `"200"`, `"200-399"`. @defaultValue `"200-399"` */
  readonly codes?: string | undefined;
}

/** The check of a Network Load Balancer; path and codes only over HTTP. */
export interface NetworkHealthCheckSpec extends Omit<TargetHealthCheckSpec, "path" | "codes"> {
  readonly protocol: "tcp" | "http";
  readonly path?: string | undefined;
  readonly codes?: string | undefined;
}

/** Source: ELB API reference, CreateTargetGroup: "For target groups with a protocol of TCP, TCP_UDP, UDP or TLS the range is 200-599". */
const CODE = { min: 200, max: 599 };

export function parseNetworkHealthCheck(value: unknown, issues: Issues): NetworkHealthCheckSpec {
  const path = "behindNlb.healthCheck";
  const isPath = typeof value === "string";
  if (value !== undefined && !isPath && !isPlainObject(value))
    issues.add(
      path,
      `must be a path for a check over HTTP, or { protocol, path, codes, port, interval, timeout, healthyThreshold, unhealthyThreshold }; got ${formatValue(value)}`,
    );
  const details = isPath ? { path: value } : isPlainObject(value) ? value : undefined;
  const options = new OptionsReader<NetworkHealthCheckOptions>(details, path, issues);
  const givenPath = options.raw("path");
  const hasDetails = givenPath !== undefined || options.raw("codes") !== undefined;
  const protocol = options.oneOf("protocol", ["tcp", "http"]) ?? (hasDetails ? "http" : "tcp");
  if (protocol === "tcp" && hasDetails)
    options.issue(
      "protocol",
      'must be "http" with a path or codes: a check over TCP only opens a connection',
    );
  const checked = parseCheckPath(givenPath ?? "/", (message) =>
    issues.add(isPath ? path : options.pathOf("path"), message),
  );
  const codes = parseCodes(options, CODE, "HTTP", '"200", "200-399" or "200,204"', "200-399");
  const pace = parseCheckPace(options);
  options.close();
  return { protocol, ...(protocol === "http" && { path: checked, codes }), ...pace };
}
