import type { ListenerSpec } from "./listeners.js";
import { formatValue } from "./parsing/format-value.js";
import { isPlainObject } from "./parsing/frozen-copy.js";
import type { Issues } from "./parsing/issues.js";
import { OptionsReader } from "./parsing/options-reader.js";
import type { Patterns } from "./split-route.js";

/**
 * Where requests are redirected to. Parts that are not given are those of the request. The words `#{host}`, `#{path}`
 * (without its first slash), `#{port}`, `#{query}` and `#{protocol}` stand for the request's.
 * Source: ELB API reference, RedirectActionConfig.
 */
export interface RedirectOptions {
  /**
   * The address in one: a path, such as `"/new/#{path}"`, or a URL, such as `"https://example.com/#{path}?#{query}"`; in
   * place of the options below. Parts that it does not have are those of the request; `"/new?"` has an empty query.
   */
  readonly to?: string | undefined;
  /** HTTPS cannot be redirected to HTTP. @defaultValue the request's */
  readonly protocol?: "http" | "https" | undefined;
  /** The host, such as `"example.com"` or `"www.#{host}"`. @defaultValue the request's */
  readonly host?: string | undefined;
  /** 1 to 65535. @defaultValue that of `protocol` (443 or 80); without it, the request's */
  readonly port?: number | undefined;
  /** The path, such as `"/new/#{path}"`. @defaultValue the request's */
  readonly path?: string | undefined;
  /** The query without its question mark, such as `"from=old"`; `""`: none. @defaultValue the request's */
  readonly query?: string | undefined;
  /** 301 (permanent: browsers remember it) or 302. @defaultValue 302 */
  readonly status?: 301 | 302 | undefined;
}

/** A fixed answer. Source: ELB API reference, FixedResponseActionConfig. */
export interface FixedResponseOptions {
  /** 200 to 299, or 400 to 599. */
  readonly status: number;
  /** The body, up to 1024 characters. @defaultValue none */
  readonly body?: string | undefined;
  /** The body's type. @defaultValue `"text/plain"` */
  readonly contentType?:
    "text/plain" | "text/css" | "text/html" | "application/javascript" | "application/json" | undefined;
}

/** A redirect with all of its parts, as ELB has them. */
export interface RedirectSpec {
  readonly type: "redirect";
  readonly protocol: string;
  readonly host: string;
  readonly port: string;
  readonly path: string;
  readonly query: string;
  readonly status: number;
}

export interface FixedResponseSpec {
  readonly type: "fixed-response";
  readonly status: number;
  readonly contentType: string;
  readonly body: string | undefined;
}

export type AnswerAction = RedirectSpec | FixedResponseSpec;

const CONTENT_TYPES = [
  "text/plain",
  "text/css",
  "text/html",
  "application/javascript",
  "application/json",
] as const;
const MAX_BODY = 1024;
const MAX_LENGTH = 128;
const PORT = { min: 1, max: 65_535 };
/** What a redirect keeps of a request. */
const SAME = {
  protocol: "#{protocol}",
  host: "#{host}",
  port: "#{port}",
  path: "/#{path}",
  query: "#{query}",
} as const;
type Part = keyof typeof SAME;
/** The words that ELB allows in each part, each once. */
const WORDS = {
  host: ["host"],
  path: ["host", "path", "port"],
  query: ["protocol", "host", "port", "path", "query"],
} as const;
const DEFAULT_PORTS: Readonly<Record<string, string>> = { http: "80", https: "443" };
const URL_PARTS = /^(https?|#\{protocol\}):\/\/([^/:?]+)(?::(\d+|#\{port\}))?(\/[^?]*)?(?:\?(.*))?$/;

export function parseResponse(given: unknown, issues: Issues): FixedResponseSpec {
  const path = "loadBalancer.respond";
  const options = new OptionsReader<FixedResponseOptions>(given, path, issues);
  const status = options.raw("status");
  const isStatus = Number.isInteger(status) && /^[245]\d\d$/.test(String(status));
  if (!isStatus)
    options.issue(
      "status",
      `must be a whole number from 200 to 299 or from 400 to 599; got ${formatValue(status)}`,
    );
  const body = options.raw("body");
  if (body !== undefined && (typeof body !== "string" || body.length > MAX_BODY))
    options.issue(
      "body",
      `must be a text of ${MAX_BODY} characters at most; got ${typeof body === "string" ? `${body.length} characters` : formatValue(body)}`,
    );
  const contentType = options.oneOf("contentType", CONTENT_TYPES) ?? "text/plain";
  options.close();
  return {
    type: "fixed-response",
    status: isStatus ? (status as number) : 200,
    contentType,
    // ELB does not tell an empty body from none.
    body: typeof body === "string" && body !== "" ? body : undefined,
  };
}

/** The redirect, and the ports of the listeners that redirect: not those where it would lead to the request's address. */
export function parseRedirect(
  given: unknown,
  requests: Patterns,
  serving: readonly ListenerSpec[],
  issues: Issues,
): { readonly action: RedirectSpec; readonly ports: readonly number[] } {
  const path = "loadBalancer.redirect";
  const options = new OptionsReader<RedirectOptions>(given, path, issues);
  const parts = { ...parseParts(options), ...parseTo(options, issues) };
  const status = options.raw("status") ?? 302;
  if (status !== 301 && status !== 302)
    options.issue("status", `must be 301 or 302; got ${formatValue(status)}`);
  options.close();
  const action: RedirectSpec = { type: "redirect", ...SAME, ...parts, status: status as number };
  if (action.protocol === "HTTP" && serving.some(({ protocol }) => protocol === "https"))
    options.issue(
      "protocol",
      "must not be http on a load balancer with an HTTPS listener: ELB does not redirect HTTPS to HTTP",
    );
  const redirecting = serving.filter((listener) => !isSameAddress(action, requests, listener));
  if (serving.length > 0 && redirecting.length === 0 && isComplete(given, parts))
    issues.add(
      path,
      "must change the protocol, the host, the port or the path of the requests: ELB refuses a redirect to the same address",
    );
  if (redirecting.some((listener) => leadsBack(action, requests, listener)))
    issues.add(
      path,
      `must not redirect ${changedAddress(action)} to itself: remove it from the requests, or lead them to another address`,
    );
  return { action, ports: redirecting.map(({ port }) => port) };
}

/** The parts that are given each by its option. */
function parseParts(options: OptionsReader<RedirectOptions>): Partial<Record<Part, string>> {
  const protocol = options.oneOf("protocol", ["http", "https"]);
  const port = options.integer("port", PORT);
  return {
    ...(protocol !== undefined && { protocol: protocol.toUpperCase(), port: DEFAULT_PORTS[protocol]! }),
    ...(port !== undefined && { port: String(port) }),
    ...parsePart(options, "host"),
    ...parsePart(options, "path"),
    ...parsePart(options, "query"),
  };
}

function parsePart(
  options: OptionsReader<RedirectOptions>,
  key: keyof typeof WORDS,
): Partial<Record<Part, string>> {
  const value = options.raw(key);
  if (value === undefined) return {};
  const problem = typeof value === "string" ? partProblem(key, value) : PART_RULES[key];
  if (problem !== undefined) options.issue(key, `${problem}; got ${formatValue(value)}`);
  return problem === undefined ? { [key]: value as string } : {};
}

const wordList = (key: keyof typeof WORDS): string => WORDS[key].map((word) => `#{${word}}`).join(", ");

const PART_RULES: Readonly<Record<keyof typeof WORDS, string>> = {
  host: `must be a host of ${MAX_LENGTH} letters, digits, hyphens and dots at most, with the word #{host} once at most`,
  path: `must be a path of ${MAX_LENGTH} characters at most that begins with / and has no space, ? and #, with each of the words ${wordList("path")} once at most`,
  query: `must be a query of ${MAX_LENGTH} characters at most that has no space and #, and no ? at its beginning, with each of the words ${wordList("query")} once at most`,
};

const PART_PATTERNS: Readonly<Record<keyof typeof WORDS, RegExp>> = {
  host: /^[A-Za-z0-9.-]*$/,
  path: /^\/[^?#\s]*$/,
  query: /^(?!\?)[^#\s]*$/,
};

function partProblem(key: keyof typeof WORDS, text: string): string | undefined {
  const words = [...text.matchAll(/#\{([^}]*)\}/g)].map(([, word = ""]) => word);
  const allowed: readonly string[] = WORDS[key];
  const isValid =
    text.length <= MAX_LENGTH &&
    (text !== "" || key === "query") &&
    new Set(words).size === words.length &&
    words.every((word) => allowed.includes(word)) &&
    PART_PATTERNS[key].test(text.replace(/#\{[^}]*\}/g, ""));
  return isValid ? undefined : PART_RULES[key];
}

/** The parts of the option `to`. */
function parseTo(options: OptionsReader<RedirectOptions>, issues: Issues): Partial<Record<Part, string>> {
  const to = options.raw("to");
  if (to === undefined) return {};
  const others = (["protocol", "host", "port", "path", "query"] as const).filter(
    (key) => options.raw(key) !== undefined,
  );
  if (others.length > 0)
    options.issue("to", `must not be given with ${others.join(", ")}, which are parts of it`);
  const whole = typeof to === "string" && to.startsWith("/") ? `#{protocol}://#{host}${to}` : to;
  const [, protocol, host, port, path, query] =
    (typeof whole === "string" ? URL_PARTS.exec(whole) : null) ?? [];
  if (protocol === undefined || host === undefined) {
    options.issue(
      "to",
      `must be a path, such as "/new/#{path}", or a URL, such as "https://example.com/#{path}?#{query}"; got ${formatValue(to)}`,
    );
    return {};
  }
  const named = { host, ...(path !== undefined && { path }), ...(query !== undefined && { query }) };
  for (const [key, text] of Object.entries(named) as [keyof typeof WORDS, string][]) {
    const problem = partProblem(key, text);
    if (problem !== undefined) issues.add(options.pathOf("to"), `${problem}; got ${formatValue(to)}`);
  }
  if (port !== undefined && port !== SAME.port && (Number(port) < PORT.min || Number(port) > PORT.max))
    options.issue("to", `must have a port from ${PORT.min} to ${PORT.max}; got ${formatValue(to)}`);
  return {
    protocol: protocol === SAME.protocol ? protocol : protocol.toUpperCase(),
    port: port ?? DEFAULT_PORTS[protocol] ?? SAME.port,
    ...named,
  };
}

/** True if the redirect leads every one of these requests to its own address. */
const isSameAddress = (action: RedirectSpec, requests: Patterns, listener: ListenerSpec): boolean =>
  staysOn(action, listener) && isKept(action, "host", requests.host) && isKept(action, "path", requests.path);

const staysOn = ({ protocol, port }: RedirectSpec, listener: ListenerSpec): boolean =>
  (protocol === SAME.protocol || protocol.toLowerCase() === listener.protocol) &&
  (port === SAME.port || Number(port) === listener.port);

const isKept = (action: RedirectSpec, part: "host" | "path", patterns: readonly string[]): boolean =>
  action[part] === SAME[part] || (patterns.length === 1 && isListed(action, part, patterns));

const isListed = (action: RedirectSpec, part: "host" | "path", patterns: readonly string[]): boolean =>
  patterns.some((pattern) =>
    part === "host" ? pattern.toLowerCase() === action.host.toLowerCase() : pattern === action.path,
  );

/** True if a host or a path that is listed among those of the requests is where the redirect leads to. */
function leadsBack(action: RedirectSpec, requests: Patterns, listener: ListenerSpec): boolean {
  const isBack = (part: "host" | "path") =>
    action[part] === SAME[part] || isListed(action, part, requests[part]);
  return staysOn(action, listener) && isBack("host") && isBack("path");
}

const changedAddress = (action: RedirectSpec): string =>
  (["host", "path"] as const)
    .filter((part) => action[part] !== SAME[part])
    .map((part) => action[part])
    .join("");

/** False if a part of the address is not valid, which is reported. */
const isComplete = (given: unknown, parts: Partial<Record<Part, string>>): boolean =>
  (given === undefined || isPlainObject(given)) &&
  (Object.keys(parts).length > 0 ||
    !["to", "protocol", "host", "port", "path", "query"].some((key) => given?.[key] !== undefined));
