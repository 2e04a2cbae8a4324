import { formatValue } from "../spec/parsing/format-value.js";
import { isPlainObject } from "../spec/parsing/frozen-copy.js";
import type { Issues } from "../spec/parsing/issues.js";
import { OptionsReader } from "../spec/parsing/options-reader.js";

/** A role to assume. Limits: "AssumeRole", AWS STS API reference. */
export interface AssumeRoleOptions {
  /** `arn:aws:iam::123456789012:role/deployer`. */
  readonly roleArn: string;
  /** The external id that the role's trust policy requires, 2 to 1,224 characters. @defaultValue none */
  readonly externalId?: string | undefined;
  /** The name of the session in CloudTrail, 2 to 64 characters. @defaultValue "quayside" */
  readonly sessionName?: string | undefined;
  /**
   * How long each session lasts, `"15m"` to `"12h"`, at most the role's own maximum (one hour if the credentials
   * are a role's already). It is renewed five minutes before its end. @defaultValue `"1h"`
   */
  readonly duration?: string | undefined;
  /** Session tags, at most 50; the trust policy must allow `sts:TagSession`. @defaultValue none */
  readonly tags?: Readonly<Record<string, string>> | undefined;
  /** The serial number or ARN of the MFA device that the trust policy requires; the code comes from `mfa`. @defaultValue none */
  readonly mfaSerial?: string | undefined;
}

export interface AssumeRoleSpec extends Omit<AssumeRoleOptions, "duration" | "sessionName"> {
  readonly sessionName: string;
  readonly seconds: number;
}

const ROLE_ARN = /^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]+$/;
const MINUTES = 60;
const HOURS = 3600;

/** Parses `assumeRole`: the role's ARN, or the options. */
export function parseAssumeRole(value: unknown, path: string, issues: Issues): AssumeRoleSpec | undefined {
  if (value === undefined) return undefined;
  const options = new OptionsReader<AssumeRoleOptions>(
    typeof value === "string" ? { roleArn: value } : value,
    path,
    issues,
  );
  const text = (key: "externalId" | "sessionName" | "mfaSerial", pattern: RegExp, what: string) => {
    const given = options.string(key, what);
    if (given === undefined || pattern.test(given)) return given;
    options.issue(key, `must be ${what}; got ${formatValue(given)}`);
    return undefined;
  };
  const roleArn = options.string("roleArn", "the ARN of a role");
  if (isPlainObject(value) && options.raw("roleArn") === undefined)
    options.issue("roleArn", "is required: the ARN of the role");
  if (roleArn !== undefined && !ROLE_ARN.test(roleArn))
    issues.add(
      typeof value === "string" ? path : options.pathOf("roleArn"),
      `must be the ARN of a role, such as arn:aws:iam::123456789012:role/deployer; got ${formatValue(roleArn)}`,
    );
  const spec: AssumeRoleSpec = {
    roleArn: roleArn ?? "",
    externalId: text("externalId", /^[\w+=,.@:/-]{2,1224}$/, "2 to 1224 letters, digits and _+=,.@:/-"),
    sessionName:
      text("sessionName", /^[\w+=,.@-]{2,64}$/, "2 to 64 letters, digits and _+=,.@-") ?? "quayside",
    seconds: options.duration("duration", { min: 15 * MINUTES, max: 12 * HOURS }) ?? HOURS,
    tags: readTags(options.raw("tags"), options.pathOf("tags"), issues),
    mfaSerial: text("mfaSerial", /^[\w+=/:,.@-]{9,256}$/, "the serial number or ARN of an MFA device"),
  };
  options.close();
  return Object.freeze(spec);
}

function readTags(value: unknown, path: string, issues: Issues): AssumeRoleSpec["tags"] {
  if (value === undefined) return undefined;
  if (!isPlainObject(value)) {
    issues.add(path, `must be an object of keys and values; got ${formatValue(value)}`);
    return undefined;
  }
  const entries = Object.entries(value);
  if (entries.length > 50) issues.add(path, `must be at most 50 tags; got ${entries.length}`);
  for (const [key, tag] of entries) {
    const isTag = /^.{1,128}$/u.test(key) && typeof tag === "string" && tag.length <= 256;
    if (!isTag)
      issues.add(`${path}.${key}`, "must be a key of 1 to 128 characters with a text of at most 256");
  }
  return Object.freeze({ ...value }) as Readonly<Record<string, string>>;
}
