import { formatValue } from "./parsing/format-value.js";
import type { Issues } from "./parsing/issues.js";
import type { OptionsReader } from "./parsing/options-reader.js";
import { parseRequestConditions, takenBy, type RequestConditions } from "./request-conditions.js";
import { MAX_VALUES, MAX_WILDCARDS, splitRoute, wildcardsIn, type Patterns } from "./split-route.js";

/** Source: Elastic Load Balancing API reference, RuleCondition. */
const MAX_LENGTH = 128;
const PATH = /^[A-Za-z0-9_\-.$/~"'@:+&*?]+$/;
const HOST = /^[A-Za-z0-9\-.*?]+$/;
/** The rules of a load balancer, not counting default rules. Source: "Quotas for your Application Load Balancers". */
const MAX_RULES = 100;

type PatternOptions = OptionsReader<Partial<Record<keyof Patterns | keyof RequestConditions, unknown>>>;

/** The patterns of a route, and what else its requests must have. */
export type ParsedPatterns = Patterns & { readonly conditions?: RequestConditions };

export function parsePatterns(
  options: PatternOptions,
  issues: Issues,
  domains: readonly string[] = [],
  at = "behindAlb",
): ParsedPatterns {
  const path = options.patterns("path", '"/talk*"') ?? ["/*"];
  const hosts = options.patterns("host", '"talk.example.com"') ?? [];
  const host = [...domains, ...hosts.filter((each) => !domains.includes(each.toLowerCase()))];
  reportPatterns(path, pathProblem, (message) => options.issue("path", message));
  reportPatterns(hosts, hostProblem, (message) => options.issue("host", message));

  const conditions = parseRequestConditions(options);
  const taken = takenBy(conditions);
  const most = (patterns: readonly string[]): number => Math.max(0, ...patterns.map(wildcardsOf));
  const wildcards = most(path) + most(host) + taken.wildcards;
  const least = Math.min(1, path.length) + Math.min(1, host.length);
  const rules = splitRoute({ path, host }, taken).length;
  if (taken.values + least > MAX_VALUES) {
    issues.add(
      at,
      `methods, headers, query and source must have at most ${MAX_VALUES - least} values together, because a rule has ${MAX_VALUES} with a path${host.length > 0 ? " and a host" : ""}; got ${taken.values}`,
    );
  } else if (wildcards > MAX_WILDCARDS) {
    const all = taken.wildcards > 0 ? "a path, a host and the further conditions" : "a path and a host";
    issues.add(
      at,
      `${all} must have at most ${MAX_WILDCARDS} wildcards (* and ?) together, which is a rule's maximum; got ${wildcards}`,
    );
  } else if (rules > MAX_RULES) {
    issues.add(
      at,
      `path and host must fit into the ${MAX_RULES} rules of a load balancer; they need ${rules}`,
    );
  }
  return { path, host, ...(conditions && { conditions }) };
}

const wildcardsOf = (pattern: string): number => wildcardsIn([pattern]);

function reportPatterns(
  patterns: readonly string[],
  problem: (pattern: string) => string | undefined,
  issue: (message: string) => void,
): void {
  for (const [index, pattern] of patterns.entries()) {
    const message = patterns.indexOf(pattern) < index ? "is listed twice" : problem(pattern);
    if (message !== undefined)
      issue(message === "is listed twice" ? `${formatValue(pattern)} ${message}` : message);
  }
}

function pathProblem(pattern: string): string | undefined {
  if (pattern.length <= MAX_LENGTH && PATH.test(pattern) && /^[/*?]/.test(pattern)) return undefined;
  return `must begin with / and be at most ${MAX_LENGTH} letters, digits and _-.$/~"'@:+& or the wildcards * and ?; got ${formatValue(pattern)}`;
}

function hostProblem(pattern: string): string | undefined {
  const last = pattern.split(".").at(-1) ?? "";
  if (
    pattern.length <= MAX_LENGTH &&
    HOST.test(pattern) &&
    pattern.includes(".") &&
    /^[A-Za-z*?]+$/.test(last)
  ) {
    return undefined;
  }
  return (
    `must be at most ${MAX_LENGTH} letters, digits, hyphens and dots or the wildcards * and ?, with a dot and only ` +
    `letters after the last one; got ${formatValue(pattern)}`
  );
}
