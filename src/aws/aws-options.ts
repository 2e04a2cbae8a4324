import { Issues } from "../spec/parsing/issues.js";
import { formatValue } from "../spec/parsing/format-value.js";
import { OptionsReader } from "../spec/parsing/options-reader.js";
import { isUrl } from "../spec/parsing/to-path.js";
import { isRegion, nearestRegion } from "./partition.js";
import { unwritable } from "./recording/unwritable.js";
import { parseAssumeRole, type AssumeRoleOptions, type AssumeRoleSpec } from "./assume-role-options.js";

export interface AwsOptions {
  /** @defaultValue the AWS SDK's own: `AWS_REGION`, or the profile's region */
  readonly region?: string | undefined;
  /** A profile of the shared config and credentials files. @defaultValue `AWS_PROFILE`, else `default` */
  readonly profile?: string | undefined;
  /**
   * Credentials, or a function that returns them: it is called again five minutes before their `expiration`,
   * and when AWS answers that they have expired.
   *
   * @defaultValue the AWS SDK's own chain: environment, profile, SSO, process, web identity, container, instance
   */
  readonly credentials?: AwsCredentials | (() => Promise<AwsCredentials>) | undefined;
  /**
   * A role that is assumed with these credentials, by its ARN or with more options. All calls are then the
   * role's.
   *
   * @defaultValue none, besides the profile's own `role_arn`
   */
  readonly assumeRole?: string | AssumeRoleOptions | undefined;
  /**
   * Returns the six digits of the device with this serial number, for a profile with `mfa_serial` or an
   * `assumeRole` with `mfaSerial`. Called once for all clients, and again when the session is renewed.
   *
   * @defaultValue a question on the terminal (stdin and stderr); without a terminal the error `mfa-required`
   * @example
   * aws({ profile: "prod", mfa: async (serial) => (await totp(serial)) })
   */
  readonly mfa?: ((serial: string) => Promise<string>) | undefined;
  /**
   * The ids of the accounts in which something may be changed: with credentials of any other account, a run
   * ends with the error `account-not-allowed` before it changes anything.
   *
   * @defaultValue every account
   * @example
   * aws({ profile: "staging", allowedAccounts: ["123456789012"] })
   */
  readonly allowedAccounts?: readonly string[] | undefined;
  /**
   * True if a run that has ten roles or more to read, such as a fleet on Fargate, lists all roles of the account with
   * their policies, up to 1,000 in one request, where it would ask three times for each role. It needs
   * `iam:GetAccountAuthorizationDetails`, which `permissions({ readAccountRoles: true })` allows: the caller can then
   * read what every role of the account may do, and security tools often report who does. Nothing of other roles is
   * kept, shown or recorded: with `record`, each role is read by itself. So it is where AWS denies the request, which
   * is then not sent again.
   *
   * @defaultValue `false`: each role is read by itself
   * @example
   * aws({ readAccountRoles: true })
   */
  readonly readAccountRoles?: boolean | undefined;
  /**
   * The URL of an HTTP proxy for all requests to AWS, such as `"http://user:password@proxy.example.com:3128"`;
   * `false` for none. Hosts in `NO_PROXY` are reached directly. `docker push` has a proxy of its own: that of
   * the Docker engine.
   *
   * @defaultValue `HTTPS_PROXY`, for an `http:` endpoint `HTTP_PROXY`
   */
  readonly proxy?: string | URL | false | undefined;
  /** The endpoint of all services, if not AWS's own. @defaultValue `AWS_ENDPOINT_URL`, `endpoint_url` of the shared config file, else AWS */
  readonly endpoint?: string | URL | undefined;
  /**
   * A directory, which is created: every request to AWS and its answer are kept in it as JSON files, those of each
   * `aws()` in a folder of their own, with the time that they took. Account numbers, addresses, host names, users,
   * credentials, tokens, log lines, commands and the values of the environment are replaced, the same value always
   * by the same word, so that ids still match. Names, ids, tags and policies stay: look at the files before you give
   * them to others. If a file cannot be written later on, the recording ends with a warning of the process, and the
   * run goes on.
   *
   * @defaultValue nothing is recorded
   * @example
   * aws({ record: "./recordings" })
   * @throws SpecError if the directory cannot be written.
   */
  readonly record?: string | URL | undefined;
}

export interface AwsCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
  /** The time at which they expire. @defaultValue they are used until AWS answers that they have expired */
  readonly expiration?: Date | undefined;
}

/** The validated options. */
export interface AwsSettings extends Omit<AwsOptions, "assumeRole" | "endpoint" | "proxy" | "record"> {
  readonly endpoint: string | undefined;
  readonly record: string | undefined;
  readonly proxy: string | false | undefined;
  readonly assumeRole: AssumeRoleSpec | undefined;
}

/** @throws SpecError if an option is not valid. */
export function parseAwsOptions(input: unknown): AwsSettings {
  const issues = new Issues();
  const options = new OptionsReader<AwsOptions>(input, "aws", issues);
  const settings: AwsSettings = {
    region: readRegion(options),
    profile: options.string("profile", "the name of a profile"),
    credentials: readCredentials(options),
    assumeRole: parseAssumeRole(options.raw("assumeRole"), "aws.assumeRole", issues),
    mfa: readFunction<NonNullable<AwsOptions["mfa"]>>(options, "mfa"),
    allowedAccounts: readAccounts(options),
    readAccountRoles: options.boolean("readAccountRoles"),
    proxy: readProxy(options),
    endpoint: readEndpoint(options),
    record: readRecord(options),
  };
  options.close();
  issues.throwIfAny("The cloud aws()");
  return Object.freeze(settings);
}

/** Another endpoint than AWS's may have regions of other names. */
function readRegion(options: OptionsReader<AwsOptions>): string | undefined {
  const region = options.string("region", 'the id of a region, such as "eu-west-1"');
  if (region === undefined || isRegion(region) || options.raw("endpoint") !== undefined) return region;
  const near = nearestRegion(region);
  const example = near === undefined ? ', such as "eu-west-1"' : "";
  const meant = near === undefined ? "" : `: did you mean "${near}"?`;
  options.issue("region", `must be the id of a region${example}; got ${formatValue(region)}${meant}`);
  return undefined;
}

function readEndpoint(options: OptionsReader<AwsOptions>): string | undefined {
  const value = options.raw("endpoint");
  if (value === undefined) return undefined;
  const url = isUrl(value) ? value.href : value;
  if (typeof url === "string" && URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)) return url;
  options.issue("endpoint", `must be a URL such as "http://127.0.0.1:4566"; got ${formatValue(value)}`);
  return undefined;
}

function readCredentials(options: OptionsReader<AwsOptions>): AwsSettings["credentials"] {
  const value = options.raw("credentials");
  if (value === undefined || typeof value === "function") return value as AwsSettings["credentials"];
  const problem = credentialsProblem(value);
  // Not the value: it may be a secret.
  if (problem !== undefined) options.issue("credentials", problem);
  return value as AwsCredentials;
}

/** What is wrong with credentials, without any part of them; `undefined` if they are complete. */
export function credentialsProblem(value: unknown): string | undefined {
  const { accessKeyId, secretAccessKey } = (value ?? {}) as Partial<AwsCredentials>;
  const isText = (text: unknown) => typeof text === "string" && text !== "";
  if (isText(accessKeyId) && isText(secretAccessKey)) return undefined;
  return "must be { accessKeyId, secretAccessKey, sessionToken?, expiration? } with non-empty strings, or a function that returns them";
}

function readFunction<Value>(options: OptionsReader<AwsOptions>, key: "mfa"): Value | undefined {
  const value = options.raw(key);
  if (value !== undefined && typeof value !== "function")
    options.issue(key, `must be a function; got ${formatValue(value)}`);
  return value as Value | undefined;
}

function readAccounts(options: OptionsReader<AwsOptions>): readonly string[] | undefined {
  const value = options.raw("allowedAccounts");
  if (value === undefined) return undefined;
  const isAccount = (id: unknown) => typeof id === "string" && /^\d{12}$/.test(id);
  if (Array.isArray(value) && value.length > 0 && value.every(isAccount))
    return Object.freeze([...(value as readonly string[])]);
  options.issue(
    "allowedAccounts",
    `must be an array of account ids, each a string of 12 digits, such as ["123456789012"]; got ${formatValue(value)}`,
  );
  return undefined;
}

function readRecord(options: OptionsReader<AwsOptions>): string | undefined {
  const path = options.path("record", "the path of a directory");
  if (path === undefined) return undefined;
  const problem = unwritable(path);
  if (problem === undefined) return path;
  options.issue("record", `must be a directory that can be written: ${problem}`);
  return undefined;
}

function readProxy(options: OptionsReader<AwsOptions>): string | false | undefined {
  const given = options.raw("proxy");
  const value = isUrl(given) ? given.href : given;
  if (value === undefined || value === false) return value;
  if (typeof value === "string" && /^https?:$/.test(URL.canParse(value) ? new URL(value).protocol : ""))
    return value;
  // Not the value: it may have a password in it.
  options.issue(
    "proxy",
    'must be the URL of an HTTP proxy, such as "http://proxy.example.com:3128", or false',
  );
  return undefined;
}
