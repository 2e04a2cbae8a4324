import { formatValue } from "./parsing/format-value.js";
import { isPlainObject } from "./parsing/frozen-copy.js";
import type { OptionsReader } from "./parsing/options-reader.js";

/** The encryption between Service Connect's proxies. */
export interface ConnectTlsOptions {
  /** The ARN of the authority in AWS Private CA, in general-purpose or short-lived mode, that signs the certificates. */
  readonly certificateAuthority: string;
  /** The ARN of the KMS key that encrypts the certificates' private keys, a symmetric one. @defaultValue AWS's own key */
  readonly kmsKey?: string | undefined;
  /** The ARN of a role with which ECS gets the certificates. @defaultValue a role of the deployment's */
  readonly role?: string | undefined;
}

export interface ConnectTlsSpec {
  readonly certificateAuthority: string;
  readonly kmsKey: string | undefined;
  /** `undefined`: one that quayside creates. */
  readonly role: string | undefined;
}

const AUTHORITY = /^arn:aws[a-z-]*:acm-pca:[a-z0-9-]+:\d{12}:certificate-authority\/\S+$/;
const KEY = /^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/\S+$/;
const ROLE = /^arn:aws[a-z-]*:iam::\d{12}:role\/\S+$/;

export function parseConnectTls(
  options: OptionsReader<{ readonly tls?: unknown }>,
): ConnectTlsSpec | undefined {
  const value = options.raw("tls");
  if (value === undefined) return undefined;
  const { certificateAuthority, kmsKey, role, ...others } = isPlainObject(value)
    ? (value as unknown as Record<keyof ConnectTlsOptions, unknown>)
    : { certificateAuthority: undefined, kmsKey: undefined, role: undefined };
  const unknown = Object.keys(others);
  if (unknown.length > 0)
    options.issue(
      "tls",
      `must have certificateAuthority, kmsKey and role only; got ${formatValue(unknown.join(", "))}`,
    );
  if (!matches(AUTHORITY, certificateAuthority))
    options.issue(
      "tls",
      `must name an authority of AWS Private CA: { certificateAuthority: "arn:aws:acm-pca:{region}:{account}:certificate-authority/…" }; got ${formatValue(certificateAuthority ?? value)}`,
    );
  if (kmsKey !== undefined && !matches(KEY, kmsKey))
    options.issue(
      "tls",
      `must have the ARN of a KMS key as kmsKey, arn:aws:kms:{region}:{account}:key/…; got ${formatValue(kmsKey)}`,
    );
  if (role !== undefined && !matches(ROLE, role))
    options.issue(
      "tls",
      `must have the ARN of a role as role, arn:aws:iam::{account}:role/…; got ${formatValue(role)}`,
    );
  return {
    certificateAuthority: String(certificateAuthority),
    kmsKey: kmsKey as string | undefined,
    role: role as string | undefined,
  };
}

const matches = (pattern: RegExp, value: unknown): boolean =>
  typeof value === "string" && pattern.test(value);
