import { formatValue } from "./parsing/format-value.js";
import { isPlainObject } from "./parsing/frozen-copy.js";
import type { Issues } from "./parsing/issues.js";
import { OptionsReader } from "./parsing/options-reader.js";
import type { LoadBalancerSpec } from "./load-balancer.js";

export interface SessionOptions {
  /** The scopes that are asked for. @defaultValue `"openid"` */
  readonly scope?: string | undefined;
  /** The time for which a user stays signed in, 1 s to 7 d. @defaultValue `"7d"` */
  readonly sessionTimeout?: string | undefined;
  /** The name of the session's cookie. @defaultValue `"AWSELBAuthSessionCookie"` */
  readonly sessionCookie?: string | undefined;
  /** What happens to a request without a session: sign in, pass, or the answer 401. @defaultValue `"authenticate"` */
  readonly onUnauthenticated?: "authenticate" | "allow" | "deny" | undefined;
}

/** An identity provider of OpenID Connect. Its endpoints are in `{issuer}/.well-known/openid-configuration`. */
export interface OidcOptions extends SessionOptions {
  /** Its issuer, such as `"https://accounts.example.com"`. */
  readonly issuer: string;
  /** Where users sign in: `authorization_endpoint`. */
  readonly authorizationEndpoint: string;
  /** Where the load balancer gets tokens: `token_endpoint`. */
  readonly tokenEndpoint: string;
  /** Where the load balancer gets what is known of a user: `userinfo_endpoint`. */
  readonly userInfoEndpoint: string;
  /** The ID of the client that the load balancer is, as it is registered with the provider. */
  readonly clientId: string;
  /**
   * The parameter of Systems Manager that has the client's secret: `"ssm:/oidc"`. It is read by the deploy; a new
   * version of the parameter is a change of the rule.
   */
  readonly clientSecret: string;
}

/** A user pool of Amazon Cognito. */
export interface CognitoOptions extends SessionOptions {
  /** The ARN of the user pool. */
  readonly userPool: string;
  /** The ID of its client. */
  readonly userPoolClient: string;
  /** The prefix of its domain, or its own domain. */
  readonly userPoolDomain: string;
}

export interface AuthenticateOptions {
  /**
   * The sign-in that the load balancer demands before it forwards a request, with OpenID Connect or Cognito. It requires an
   * HTTPS listener, and rules are added to HTTPS listeners only.
   * Source: ELB User Guide, "Authenticate users using an Application Load Balancer".
   *
   * @example
   * const route = {
   *   authenticate: {
   *     oidc: {
   *       issuer: "https://accounts.example.com",
   *       authorizationEndpoint: "https://accounts.example.com/authorize",
   *       tokenEndpoint: "https://accounts.example.com/token",
   *       userInfoEndpoint: "https://accounts.example.com/userinfo",
   *       clientId: "talks",
   *       clientSecret: "ssm:/oidc",
   *     },
   *   },
   * };
   * @defaultValue none
   */
  readonly authenticate?: { readonly oidc: OidcOptions } | { readonly cognito: CognitoOptions } | undefined;
}

export interface SessionSpec {
  readonly scope: string;
  readonly sessionTimeout: number;
  readonly sessionCookie: string;
  readonly onUnauthenticated: "authenticate" | "allow" | "deny";
}

export type AuthenticateSpec =
  | ({ readonly by: "oidc" } & Pick<
      OidcOptions,
      "issuer" | "authorizationEndpoint" | "tokenEndpoint" | "userInfoEndpoint" | "clientId"
    > & {
        /** The name of the parameter. */
        readonly secretParameter: string;
      } & SessionSpec)
  | ({ readonly by: "cognito" } & Pick<CognitoOptions, "userPool" | "userPoolClient" | "userPoolDomain"> &
      SessionSpec);

const SESSION_TIMEOUT = { min: 1, max: 604_800 };
const PATH = "behindAlb.authenticate";
const USER_POOL = /^arn:aws[a-z-]*:cognito-idp:[a-z0-9-]+:\d{12}:userpool\/\S+$/;

export function parseAuthenticate(
  value: unknown,
  { listeners, name }: Pick<LoadBalancerSpec, "listeners" | "name">,
  issues: Issues,
): AuthenticateSpec | undefined {
  if (value === undefined) return undefined;
  const given = isPlainObject(value) ? Object.keys(value) : [];
  const by = given[0];
  if (given.length !== 1 || (by !== "oidc" && by !== "cognito")) {
    issues.add(PATH, `must be { oidc: { … } } or { cognito: { … } }; got ${formatValue(value)}`);
    return undefined;
  }
  const serving = listeners.filter(({ redirectTo }) => redirectTo === undefined);
  if (serving.length > 0 && serving.every(({ protocol }) => protocol === "http"))
    issues.add(
      PATH,
      `requires an HTTPS listener, and load balancer ${name} has none: new LoadBalancer("${name}").https(443)`,
    );
  const own = (value as Record<string, unknown>)[by];
  return by === "oidc" ? parseOidc(own, issues) : parseCognito(own, issues);
}

function parseOidc(value: unknown, issues: Issues): AuthenticateSpec {
  const options = new OptionsReader<OidcOptions>(value, `${PATH}.oidc`, issues);
  const url = (key: "issuer" | "authorizationEndpoint" | "tokenEndpoint" | "userInfoEndpoint"): string => {
    const text = options.raw(key);
    if (typeof text === "string" && /^https:\/\/\S+$/.test(text) && URL.canParse(text)) return text;
    options.issue(
      key,
      text === undefined
        ? "is required: a URL that begins with https://"
        : `must be a URL that begins with https://; got ${formatValue(text)}`,
    );
    return "";
  };
  const secret = options.raw("clientSecret");
  const [, secretParameter = ""] = (typeof secret === "string" && /^ssm:([\w.\-/]+)$/.exec(secret)) || [];
  if (secretParameter === "")
    options.issue("clientSecret", 'must be a parameter of Systems Manager, such as "ssm:/oidc"');
  const spec: AuthenticateSpec = {
    by: "oidc",
    issuer: url("issuer"),
    authorizationEndpoint: url("authorizationEndpoint"),
    tokenEndpoint: url("tokenEndpoint"),
    userInfoEndpoint: url("userInfoEndpoint"),
    clientId: required(options, "clientId"),
    secretParameter,
    ...parseSession(options),
  };
  options.close();
  return spec;
}

function parseCognito(value: unknown, issues: Issues): AuthenticateSpec {
  const options = new OptionsReader<CognitoOptions>(value, `${PATH}.cognito`, issues);
  const userPool = options.raw("userPool");
  if (typeof userPool !== "string" || !USER_POOL.test(userPool))
    options.issue(
      "userPool",
      `must be the ARN of a user pool, arn:aws:cognito-idp:{region}:{account}:userpool/…; got ${formatValue(userPool)}`,
    );
  const spec: AuthenticateSpec = {
    by: "cognito",
    userPool: String(userPool),
    userPoolClient: required(options, "userPoolClient"),
    userPoolDomain: required(options, "userPoolDomain"),
    ...parseSession(options),
  };
  options.close();
  return spec;
}

function parseSession(options: OptionsReader<SessionOptions>): SessionSpec {
  return {
    scope: options.string("scope") ?? "openid",
    sessionTimeout: options.duration("sessionTimeout", SESSION_TIMEOUT) ?? SESSION_TIMEOUT.max,
    sessionCookie: options.string("sessionCookie") ?? "AWSELBAuthSessionCookie",
    onUnauthenticated:
      options.oneOf("onUnauthenticated", ["authenticate", "allow", "deny"]) ?? "authenticate",
  };
}

function required<Key extends string>(options: OptionsReader<Record<Key, unknown>>, key: Key): string {
  if (options.raw(key) === undefined) options.issue(key, "is required");
  return options.string(key) ?? "";
}
