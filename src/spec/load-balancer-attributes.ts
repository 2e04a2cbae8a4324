import { formatValue } from "./parsing/format-value.js";
import { isPlainObject } from "./parsing/frozen-copy.js";
import type { Issues } from "./parsing/issues.js";
import { OptionsReader } from "./parsing/options-reader.js";

/**
 * The attributes of an Application Load Balancer. What is not given stays as it is in AWS; what is no longer given
 * returns to AWS's default. Source: ELB API reference, LoadBalancerAttribute.
 */
export interface LoadBalancerAttributes {
  /** The time after which a connection without traffic is closed, 1 s to 4000 s. @defaultValue AWS's: `"60s"` */
  readonly idleTimeout?: string | undefined;
  /** The time for which a client's connection is kept for its next request, 60 s to 7 d. @defaultValue AWS's: `"1h"` */
  readonly clientKeepAlive?: string | undefined;
  /**
   * The S3 bucket, and the prefix in it, to which a line is written for each request: `"s3://logs/alb"`; `false`: none.
   * The bucket must be in the load balancer's region, and its policy must allow the log delivery of Elastic Load
   * Balancing to write (`s3:PutObject` for `logdelivery.elasticloadbalancing.amazonaws.com`): AWS refuses the
   * attribute otherwise, before the deploy changes any service, and the error (code `log-bucket`) has the statement
   * that the policy needs. S3 bills the storage. @defaultValue AWS's: none
   */
  readonly accessLogs?: string | false | undefined;
  /** Like `accessLogs`, with a line for each connection. @defaultValue AWS's: none */
  readonly connectionLogs?: string | false | undefined;
  /**
   * Refuse to delete the load balancer. `destroy()` then keeps it, with its listeners and its security group, and says why.
   * @defaultValue AWS's: `false`
   */
  readonly deletionProtection?: boolean | undefined;
  /** Remove headers with invalid names (other than letters, digits and hyphens) from requests. @defaultValue AWS's: `false` */
  readonly dropInvalidHeaders?: boolean | undefined;
  /** Let clients speak HTTP/2 with HTTPS listeners. @defaultValue AWS's: `true` */
  readonly http2?: boolean | undefined;
  /** Add the client's port to `X-Forwarded-For`. @defaultValue AWS's: `false` */
  readonly clientPort?: boolean | undefined;
  /** Forward the header `Host` unchanged. @defaultValue AWS's: `false` */
  readonly preserveHost?: boolean | undefined;
  /** What happens to `X-Forwarded-For`. @defaultValue AWS's: `"append"` */
  readonly forwardedFor?: "append" | "preserve" | "remove" | undefined;
  /** How requests that could be read in two ways (HTTP desync) are handled. @defaultValue AWS's: `"defensive"` */
  readonly desyncMitigation?: "monitor" | "defensive" | "strictest" | undefined;
  /** Add the headers `x-amzn-tls-version` and `x-amzn-tls-cipher-suite`. @defaultValue AWS's: `false` */
  readonly tlsHeaders?: boolean | undefined;
  /** Let requests pass if AWS WAF cannot be asked. @defaultValue AWS's: `false` */
  readonly wafFailOpen?: boolean | undefined;
}

/**
 * The attributes of a Network Load Balancer. What is not given stays as it is in AWS; what is no longer given returns to
 * AWS's default. Source: ELB API reference, LoadBalancerAttribute.
 */
export interface NetworkLoadBalancerAttributes extends Pick<LoadBalancerAttributes, "deletionProtection"> {
  /**
   * Let each zone's address reach the tasks of all zones. AWS bills the traffic between zones. Without it, a zone without
   * a healthy task is taken out of the load balancer's name, and clients that know its address only are lost meanwhile.
   * @defaultValue AWS's: `false`
   */
  readonly crossZone?: boolean | undefined;
  /**
   * The S3 bucket, and the prefix in it, to which a line is written for each TLS connection: `"s3://logs/nlb"`; `false`:
   * none. The bucket must be in the load balancer's region, and its policy must allow `delivery.logs.amazonaws.com` to
   * write to it. Listeners without TLS write nothing. @defaultValue AWS's: none
   */
  readonly accessLogs?: string | false | undefined;
}

/** The attributes that a chain sets, as texts: `{ idleTimeout: "120", accessLogs: "s3://logs/alb" }`. */
export type AttributesSpec = Readonly<
  Partial<Record<keyof LoadBalancerAttributes | keyof NetworkLoadBalancerAttributes, string>>
>;

/* Source: ELB API reference, LoadBalancerAttribute. */
const IDLE_TIMEOUT = { min: 1, max: 4000 };
const KEEP_ALIVE = { min: 60, max: 604_800 };
/** Source: S3 User Guide, "Bucket naming rules"; ELB: the prefix must not contain `AWSLogs`. */
const BUCKET = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/(?!.*AWSLogs)([!-~]+?))?\/?$/;
const SWITCHES = [
  "deletionProtection",
  "dropInvalidHeaders",
  "http2",
  "clientPort",
  "preserveHost",
  "tlsHeaders",
  "wafFailOpen",
] as const;

type Put = (key: keyof AttributesSpec, value: unknown) => void;

/** Parses the options of all calls, of which a later one wins. */
export const parseAttributes = (
  calls: readonly unknown[] | undefined,
  issues: Issues,
): AttributesSpec | undefined => parseMerged<LoadBalancerAttributes>(calls, issues, readApplication);

/** The same for those of a Network Load Balancer. */
export const parseNetworkAttributes = (
  calls: readonly unknown[] | undefined,
  issues: Issues,
): AttributesSpec | undefined =>
  parseMerged<NetworkLoadBalancerAttributes>(calls, issues, (options, put) => {
    put("crossZone", options.boolean("crossZone"));
    put("deletionProtection", options.boolean("deletionProtection"));
    put("accessLogs", parseBucket(options, "accessLogs"));
  });

function parseMerged<Options>(
  calls: readonly unknown[] = [],
  issues: Issues,
  read: (options: OptionsReader<Options>, put: Put) => void,
): AttributesSpec | undefined {
  const path = "loadBalancer.attributes";
  const wrong = calls.find((call) => !isPlainObject(call));
  if (wrong !== undefined || calls.some((call) => call === undefined))
    issues.add(path, `must be an object of options; got ${formatValue(wrong)}`);
  const merged = Object.assign({}, ...calls.filter(isPlainObject)) as Record<string, unknown>;
  const options = new OptionsReader<Options>(merged, path, issues);
  const attributes: { -readonly [K in keyof AttributesSpec]: string } = {};
  read(options, (key, value) => {
    if (value !== undefined) attributes[key] = String(value);
  });
  options.close();
  return Object.keys(attributes).length > 0 ? attributes : undefined;
}

function readApplication(options: OptionsReader<LoadBalancerAttributes>, put: Put): void {
  put("idleTimeout", options.duration("idleTimeout", IDLE_TIMEOUT));
  put("clientKeepAlive", options.duration("clientKeepAlive", KEEP_ALIVE));
  put("accessLogs", parseBucket(options, "accessLogs"));
  put("connectionLogs", parseBucket(options, "connectionLogs"));
  for (const key of SWITCHES) put(key, options.boolean(key));
  put("forwardedFor", options.oneOf("forwardedFor", ["append", "preserve", "remove"]));
  put("desyncMitigation", options.oneOf("desyncMitigation", ["monitor", "defensive", "strictest"]));
}

function parseBucket<Options>(
  options: OptionsReader<Options>,
  key: keyof Options & ("accessLogs" | "connectionLogs"),
): string | undefined {
  const value = options.raw(key);
  if (value === undefined) return undefined;
  if (value === false) return "false";
  const [, bucket, prefix] = (typeof value === "string" ? BUCKET.exec(value) : undefined) ?? [];
  if (bucket !== undefined) return `s3://${bucket}${prefix === undefined ? "" : `/${prefix}`}`;
  options.issue(
    key,
    `must be a bucket in S3, with a prefix or without one and not containing AWSLogs, such as "s3://logs/alb", or false; got ${formatValue(value)}`,
  );
  return undefined;
}
