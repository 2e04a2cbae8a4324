import { formatValue } from "./parsing/format-value.js";
import type { Issues } from "./parsing/issues.js";
import type { OptionsReader } from "./parsing/options-reader.js";
import { MOST_WILDCARDS, splitRoute, wildcardsIn, type Patterns } from "./split-route.js";

/** Source: Elastic Load Balancing API reference, RuleCondition. */
const LONGEST = 128;
const PATH = /^[A-Za-z0-9_\-.$/~"'@:+&*?]+$/;
const HOST = /^[A-Za-z0-9\-.*?]+$/;
/** Per load balancer, without the default ones. Source: "Quotas for your Application Load Balancers". */
const MOST_RULES = 100;

type PatternOptions = OptionsReader<Partial<Record<keyof Patterns, unknown>>>;

export function parsePatterns(options: PatternOptions, issues: Issues): Patterns {
  const path = options.oneOrMore("path", '"/talk*"') ?? ["/*"];
  const host = options.oneOrMore("host", '"talk.example.com"') ?? [];
  report(path, pathProblem, (message) => options.issue("path", message));
  report(host, hostProblem, (message) => options.issue("host", message));

  const most = Math.max(0, ...path.map(wildcardsOf)) + Math.max(0, ...host.map(wildcardsOf));
  const rules = splitRoute({ path, host }).length;
  if (most > MOST_WILDCARDS) {
    issues.add(
      "behindAlb",
      `a path and a host together must have at most ${MOST_WILDCARDS} wildcards (* and ?), which is what a rule holds; got ${most}`,
    );
  } else if (rules > MOST_RULES) {
    issues.add(
      "behindAlb",
      `path and host together must fit into the ${MOST_RULES} rules of a load balancer; they need ${rules}`,
    );
  }
  return { path, host };
}

const wildcardsOf = (pattern: string): number => wildcardsIn([pattern]);

function report(
  patterns: readonly string[],
  problem: (pattern: string) => string | undefined,
  issue: (message: string) => void,
): void {
  for (const [index, pattern] of patterns.entries()) {
    const message = patterns.indexOf(pattern) < index ? "is given twice" : problem(pattern);
    if (message !== undefined)
      issue(message === "is given twice" ? `${formatValue(pattern)} ${message}` : message);
  }
}

function pathProblem(pattern: string): string | undefined {
  if (pattern.length <= LONGEST && PATH.test(pattern) && /^[/*?]/.test(pattern)) return undefined;
  return `must begin with / and be at most ${LONGEST} letters, digits and _-.$/~"'@:+& or the wildcards * and ?; got ${formatValue(pattern)}`;
}

function hostProblem(pattern: string): string | undefined {
  const last = pattern.split(".").at(-1) ?? "";
  if (
    pattern.length <= LONGEST &&
    HOST.test(pattern) &&
    pattern.includes(".") &&
    /^[A-Za-z*?]+$/.test(last)
  ) {
    return undefined;
  }
  return (
    `must be at most ${LONGEST} letters, digits, hyphens and dots or the wildcards * and ?, with a dot and only ` +
    `letters after the last one; got ${formatValue(pattern)}`
  );
}
