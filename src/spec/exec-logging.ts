import { formatValue } from "./parsing/format-value.js";
import type { Issues } from "./parsing/issues.js";
import { OptionsReader } from "./parsing/options-reader.js";

/**
 * Where the sessions of ECS Exec are logged. The log group and the bucket must exist.
 * Source: Amazon ECS API reference, ExecuteCommandConfiguration.
 */
export interface ExecLoggingOptions {
  /** The name of a log group in CloudWatch Logs. */
  readonly logGroup?: string | undefined;
  /** True if the log group must be encrypted with a KMS key. @defaultValue `false` */
  readonly logGroupEncrypted?: boolean | undefined;
  /** The name of an S3 bucket. */
  readonly bucket?: string | undefined;
  /** True if the bucket must be encrypted. @defaultValue `false` */
  readonly bucketEncrypted?: boolean | undefined;
  /** The folder of the bucket. */
  readonly keyPrefix?: string | undefined;
  /** The ARN of the KMS key that encrypts what passes between the client and the container. @defaultValue TLS alone */
  readonly kmsKey?: string | undefined;
}

export interface ExecLoggingSpec {
  /** `DEFAULT`: to the log group of the task's own logs. */
  readonly logging: "NONE" | "DEFAULT" | "OVERRIDE";
  readonly logGroup?: string | undefined;
  readonly logGroupEncrypted?: boolean | undefined;
  readonly bucket?: string | undefined;
  readonly bucketEncrypted?: boolean | undefined;
  readonly keyPrefix?: string | undefined;
  readonly kmsKey?: string | undefined;
}

/** Source: CloudWatch Logs API reference, CreateLogGroup. */
const LOG_GROUP = /^[.\-_/#A-Za-z0-9]{1,512}$/;
/** Source: S3 User Guide, "General purpose bucket naming rules". */
const BUCKET = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;
const KMS_KEY = /^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/.+$/;

export function parseExecLogging(value: unknown, issues: Issues): ExecLoggingSpec | undefined {
  if (value === undefined) return undefined;
  const path = "cluster.execLogging";
  if (value === "none") return { logging: "NONE" };
  if (value === "default") return { logging: "DEFAULT" };
  if (typeof value !== "object") {
    issues.add(
      path,
      `must be "none", "default" or { logGroup, bucket, kmsKey, … }; got ${formatValue(value)}`,
    );
    return undefined;
  }
  const options = new OptionsReader<ExecLoggingOptions>(value, path, issues);
  const logGroup = options.string("logGroup");
  if (logGroup !== undefined && !LOG_GROUP.test(logGroup))
    options.issue("logGroup", `must be the name of a log group; got ${formatValue(logGroup)}`);
  const bucket = options.string("bucket");
  if (bucket !== undefined && !BUCKET.test(bucket))
    options.issue("bucket", `must be the name of an S3 bucket; got ${formatValue(bucket)}`);
  const kmsKey = options.string("kmsKey");
  if (kmsKey !== undefined && !KMS_KEY.test(kmsKey))
    options.issue(
      "kmsKey",
      `must be the ARN of a KMS key, arn:aws:kms:{region}:{account}:key/…; got ${formatValue(kmsKey)}`,
    );
  const logGroupEncrypted = options.boolean("logGroupEncrypted");
  const bucketEncrypted = options.boolean("bucketEncrypted");
  const keyPrefix = options.string("keyPrefix");
  options.close();
  if (logGroup === undefined && logGroupEncrypted !== undefined)
    options.issue("logGroupEncrypted", "needs logGroup, to which it applies");
  for (const key of ["bucketEncrypted", "keyPrefix"] as const)
    if (bucket === undefined && options.raw(key) !== undefined)
      options.issue(key, "needs bucket, to which it applies");
  if (logGroup === undefined && bucket === undefined) {
    if (kmsKey === undefined) issues.add(path, "must have logGroup, bucket or kmsKey");
    return { logging: "DEFAULT", kmsKey };
  }
  return {
    logging: "OVERRIDE",
    ...(logGroup !== undefined && { logGroup, logGroupEncrypted: logGroupEncrypted ?? false }),
    ...(bucket !== undefined && { bucket, bucketEncrypted: bucketEncrypted ?? false }),
    ...(keyPrefix !== undefined && { keyPrefix }),
    ...(kmsKey !== undefined && { kmsKey }),
  };
}
