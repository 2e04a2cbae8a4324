import type { LoadBalancerAttribute } from "@aws-sdk/client-elastic-load-balancing-v2";
import type { AwsContext } from "../aws/context.js";
import { ignoreNotFound } from "../aws/not-found.js";
import { toTagList } from "../aws/tags.js";
import type { Tags } from "../engine/kind.js";
import { logBucketError } from "./log-bucket-error.js";
import type { AttributesSpec } from "../spec/load-balancer-attributes.js";

type Name = keyof AttributesSpec;

/** The tag that names the attributes which quayside has set: those that are no longer described return to their defaults. */
const ATTRIBUTES_TAG = "quayside:attributes";

/** ELB's keys and defaults of the attributes that are one value. Source: ELB API reference, LoadBalancerAttribute. */
const VALUES: Readonly<Partial<Record<Name, readonly [key: string, defaultValue: string]>>> = {
  idleTimeout: ["idle_timeout.timeout_seconds", "60"],
  clientKeepAlive: ["client_keep_alive.seconds", "3600"],
  deletionProtection: ["deletion_protection.enabled", "false"],
  crossZone: ["load_balancing.cross_zone.enabled", "false"],
  dropInvalidHeaders: ["routing.http.drop_invalid_header_fields.enabled", "false"],
  http2: ["routing.http2.enabled", "true"],
  clientPort: ["routing.http.xff_client_port.enabled", "false"],
  preserveHost: ["routing.http.preserve_host_header.enabled", "false"],
  forwardedFor: ["routing.http.xff_header_processing.mode", "append"],
  desyncMitigation: ["routing.http.desync_mitigation_mode", "defensive"],
  tlsHeaders: ["routing.http.x_amzn_tls_version_and_cipher_suite.enabled", "false"],
  wafFailOpen: ["waf.fail_open.enabled", "false"],
};

/** The prefixes of ELB's keys of the attributes that are a bucket. */
const BUCKETS: Readonly<Partial<Record<Name, string>>> = {
  accessLogs: "access_logs.s3",
  connectionLogs: "connection_logs.s3",
};

const nothing = (name: Name): string => VALUES[name]?.[1] ?? "false";

/** The attributes of a load balancer that the chain describes, or that quayside has set; `undefined` if there are none. */
export async function presentAttributes(
  arn: string,
  described: AttributesSpec | undefined,
  tags: Tags,
  context: AwsContext,
): Promise<AttributesSpec | undefined> {
  const set = namesIn(tags);
  const names = [...new Set([...(Object.keys(described ?? {}) as Name[]), ...set])];
  if (names.length === 0) return undefined;
  const answer = await ignoreNotFound(
    context.aws.elb.describeLoadBalancerAttributes({ LoadBalancerArn: arn }),
  );
  const values = new Map((answer?.Attributes ?? []).map(({ Key = "", Value = "" }) => [Key, Value]));
  const present = names.map((name) => [name, valueIn(name, values)] as const);
  // One that has been returned to its default is as if nothing had been set.
  const counting = present.filter(
    ([name, value]) => described?.[name] !== undefined || value !== nothing(name),
  );
  return counting.length === 0 ? undefined : Object.fromEntries(counting);
}

/** True if quayside has switched the deletion protection on, and it is. */
export async function isProtected(arn: string, tags: Tags, context: AwsContext): Promise<boolean> {
  if (!namesIn(tags).includes("deletionProtection")) return false;
  return (await presentAttributes(arn, undefined, tags, context))?.deletionProtection === "true";
}

/**
 * Sets the described attributes, and returns to AWS's defaults those that are no longer described. The tag names what
 * is set before it is, so that an interrupted run is continued.
 */
export async function setAttributes(
  arn: string,
  described: AttributesSpec | undefined,
  tags: Tags,
  { aws: { elb } }: AwsContext,
): Promise<void> {
  const before = namesIn(tags);
  const after = Object.keys(described ?? {}) as Name[];
  const noted = [...new Set([...before, ...after])];
  const note = async (names: readonly Name[]): Promise<unknown> =>
    elb.addTags({ ResourceArns: [arn], Tags: toTagList({ [ATTRIBUTES_TAG]: names.join(" ") }) });
  if (noted.length > before.length) await note(noted);
  const Attributes = noted.flatMap((name) => toAttributes(name, described?.[name] ?? nothing(name)));
  try {
    await elb.modifyLoadBalancerAttributes({ LoadBalancerArn: arn, Attributes });
  } catch (error) {
    throw logBucketError(error, arn, described ?? {});
  }
  if (noted.length > after.length) {
    if (after.length > 0) await note(after);
    else await elb.removeTags({ ResourceArns: [arn], TagKeys: [ATTRIBUTES_TAG] });
  }
}

const namesIn = (tags: Tags): readonly Name[] =>
  (tags[ATTRIBUTES_TAG] ?? "").split(" ").filter((name): name is Name => name in VALUES || name in BUCKETS);

function valueIn(name: Name, values: ReadonlyMap<string, string>): string {
  const prefix = BUCKETS[name];
  if (prefix === undefined) return values.get(VALUES[name]![0]) ?? nothing(name);
  if (values.get(`${prefix}.enabled`) !== "true") return "false";
  const folder = values.get(`${prefix}.prefix`) ?? "";
  return `s3://${values.get(`${prefix}.bucket`)}${folder === "" ? "" : `/${folder}`}`;
}

function toAttributes(name: Name, value: string): LoadBalancerAttribute[] {
  const prefix = BUCKETS[name];
  if (prefix === undefined) return [{ Key: VALUES[name]![0], Value: value }];
  if (value === "false") return [{ Key: `${prefix}.enabled`, Value: "false" }];
  const [, bucket = "", folder = ""] = /^s3:\/\/([^/]+)\/?(.*)$/.exec(value) ?? [];
  return [
    { Key: `${prefix}.enabled`, Value: "true" },
    { Key: `${prefix}.bucket`, Value: bucket },
    { Key: `${prefix}.prefix`, Value: folder },
  ];
}
