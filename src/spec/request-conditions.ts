import { parseCidr } from "./parsing/cidr.js";
import { formatValue } from "./parsing/format-value.js";
import { isPlainObject } from "./parsing/frozen-copy.js";
import type { OptionsReader } from "./parsing/options-reader.js";
import { wildcardsIn } from "./split-route.js";

/** What a request must have besides its path and host. */
export interface RequestConditionOptions {
  /**
   * HTTP methods, of which the request has one, such as `["GET", "HEAD"]`: upper-case letters, `-` and `_`.
   * @defaultValue any method
   */
  readonly methods?: string | readonly string[] | undefined;
  /**
   * Headers that the request has, all of them, each with one of its patterns (wildcards `*` and `?`, up to 128
   * characters, compared without case).
   *
   * @example
   * const route = { headers: { "x-team": ["a*", "b*"], "x-beta": "1" } };
   * @defaultValue any headers
   */
  readonly headers?: Readonly<Record<string, string | readonly string[]>> | undefined;
  /**
   * Query parameters that the request has, all of them, each with one of its patterns (wildcards `*` and `?`, compared
   * without case). @defaultValue any query
   */
  readonly query?: Readonly<Record<string, string | readonly string[]>> | undefined;
  /**
   * CIDR blocks, of which one contains the client's address, such as `"203.0.113.0/24"`: the address that reaches the
   * load balancer, whatever `X-Forwarded-For` says. @defaultValue any address
   */
  readonly source?: string | readonly string[] | undefined;
}

/** The conditions of a route besides path and host; empty: none. Source: ELB API reference, RuleCondition. */
export interface RequestConditions {
  readonly methods: readonly string[];
  readonly headers: Readonly<Record<string, readonly string[]>>;
  readonly query: Readonly<Record<string, readonly string[]>>;
  readonly source: readonly string[];
}

type Reader = OptionsReader<Partial<Record<keyof RequestConditions, unknown>>>;

const MAX_LENGTH = 128;
const METHOD = /^[A-Z_-]{1,40}$/;
const HEADER_NAME = /^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,40}$/;
const PRINTABLE = /^[ -~]+$/;

/** Returns the conditions; `undefined` if there are none. */
export function parseRequestConditions(options: Reader): RequestConditions | undefined {
  const methods = parseMethods(options);
  const headers = parsePairs(options, "headers", '{ "x-team": "a*" }', (name) => {
    if (name.toLowerCase() === "host") return "must not be the header Host: use the option host";
    return HEADER_NAME.test(name) ? undefined : "must be a header's name of at most 40 characters";
  });
  const query = parsePairs(options, "query", '{ beta: "1" }', (name) =>
    name.length <= MAX_LENGTH && PRINTABLE.test(name)
      ? undefined
      : `must be the name of a query parameter, of at most ${MAX_LENGTH} printable characters`,
  );
  const source = parseSources(options);
  const all: RequestConditions = { methods, headers, query, source };
  return valuesOf(all).length > 0 ? all : undefined;
}

/** The values of the conditions, of which a rule has five at most. */
export const valuesOf = (conditions: RequestConditions | undefined): readonly string[] =>
  conditions === undefined
    ? []
    : [
        ...conditions.methods,
        ...Object.values(conditions.headers).flat(),
        ...Object.entries(conditions.query).flatMap(([name, values]) =>
          values.map((value) => `${name}=${value}`),
        ),
        ...conditions.source,
      ];

/** What the conditions take of a rule's values and wildcards. */
export function takenBy(conditions: RequestConditions | undefined): {
  readonly values: number;
  readonly wildcards: number;
} {
  const values = valuesOf(conditions);
  return { values: values.length, wildcards: wildcardsIn(values) };
}

function parseMethods(options: Reader): readonly string[] {
  const methods = options.patterns("methods", '["GET", "HEAD"]') ?? [];
  for (const [index, method] of methods.entries()) {
    if (methods.indexOf(method) < index) options.issue("methods", `${formatValue(method)} is listed twice`);
    else if (!METHOD.test(method))
      options.issue(
        "methods",
        `must be HTTP methods in upper-case letters, such as "GET"; got ${formatValue(method)}`,
      );
  }
  return methods;
}

function parseSources(options: Reader): readonly string[] {
  const blocks = options.patterns("source", '"203.0.113.0/24"') ?? [];
  const sources = new Set<string>();
  for (const block of blocks) {
    const cidr = parseCidr(block);
    if (cidr === undefined)
      options.issue(
        "source",
        `must be an IPv4 or IPv6 CIDR block, such as "203.0.113.0/24" or "2001:db8::/32"; got ${formatValue(block)}`,
      );
    else if (!cidr.isFirst)
      options.issue(
        "source",
        `must be the first address of its block, ${formatValue(cidr.canonical)}; got ${formatValue(block)}`,
      );
    else if (sources.has(cidr.canonical)) options.issue("source", `${formatValue(block)} is listed twice`);
    else sources.add(cidr.canonical);
  }
  return [...sources];
}

/** Names, each with one pattern or several. */
function parsePairs(
  options: Reader,
  key: "headers" | "query",
  example: string,
  nameProblem: (name: string) => string | undefined,
): Readonly<Record<string, readonly string[]>> {
  const given = options.raw(key);
  if (given === undefined) return {};
  if (!isPlainObject(given) || Object.keys(given).length === 0) {
    options.issue(
      key,
      `must be an object of names and patterns, such as ${example}; got ${formatValue(given)}`,
    );
    return {};
  }
  const pairs: [string, readonly string[]][] = [];
  for (const [name, value] of Object.entries(given)) {
    const problem = nameProblem(name);
    if (problem !== undefined) options.issue(key, `${problem}; got ${formatValue(name)}`);
    if (pairs.some(([other]) => other.toLowerCase() === name.toLowerCase()))
      options.issue(key, `${formatValue(name)} is listed twice: ELB compares names without case`);
    const values: readonly unknown[] = Array.isArray(value) ? value : [value];
    const wrong = values.findIndex(
      (one) => typeof one !== "string" || one.length > MAX_LENGTH || !PRINTABLE.test(one),
    );
    if (values.length === 0 || wrong >= 0)
      options.issue(
        key,
        `${formatValue(name)} must have one pattern or several, each of 1 to ${MAX_LENGTH} printable characters; got ${formatValue(wrong >= 0 ? values[wrong] : value)}`,
      );
    else if (new Set(values).size < values.length)
      options.issue(key, `${formatValue(name)} must not have a pattern twice`);
    else pairs.push([name, values as string[]]);
  }
  return Object.fromEntries(pairs);
}
