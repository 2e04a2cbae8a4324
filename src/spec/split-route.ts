/* The limits of one listener rule. Source: "Quotas for your Application Load Balancers". */
const MAX_VALUES = 5;
export const MAX_WILDCARDS = 6;

export interface Patterns {
  readonly path: readonly string[];
  readonly host: readonly string[];
}

/** The number of wildcards, `*` and `?`, in patterns. */
export const wildcardsIn = (patterns: readonly string[]): number =>
  patterns.join("").replace(/[^*?]/g, "").length;

/**
 * Splits a route into listener rules: one if its patterns fit, otherwise as few rules as combine every host
 * with every path, the most specific patterns first. The result does not depend on the patterns' order.
 */
export function splitRoute({ path, host }: Patterns): readonly Patterns[] {
  if (fits(path, host)) return [{ path, host }];
  const [paths, hosts] = [sorted(path), sorted(host)];
  const mostHosts = Math.min(hosts.length, MAX_VALUES - 1);
  const candidates = Array.from({ length: mostHosts + 1 }, (_, count) => combinations(paths, hosts, count));
  const possible = candidates.filter((rules) => rules.length > 0);
  return possible.sort((one, other) => one.length - other.length)[0] ?? [];
}

const fits = (path: readonly string[], host: readonly string[]): boolean =>
  path.length + host.length <= MAX_VALUES && wildcardsIn(path) + wildcardsIn(host) <= MAX_WILDCARDS;

const sorted = (patterns: readonly string[]): string[] =>
  [...patterns].sort((a, b) => b.length - a.length || (a < b ? -1 : 1));

/** Returns the rules with up to `count` hosts each, or none if that is impossible. */
function combinations(paths: readonly string[], hosts: readonly string[], count: number): Patterns[] {
  if (count === 0 && hosts.length > 0) return [];
  const rules: Patterns[] = [];
  const hostChunks = count === 0 ? [[]] : chunks(hosts, count, MAX_WILDCARDS);
  for (const host of hostChunks) {
    const parts = chunks(paths, MAX_VALUES - host.length, MAX_WILDCARDS - wildcardsIn(host));
    if (parts.some((path) => !fits(path, host))) return [];
    for (const path of parts) rules.push({ path, host });
  }
  return rules;
}

/** Splits patterns into chunks within the limits. A pattern that exceeds them has a chunk of its own. */
function chunks(patterns: readonly string[], values: number, wildcards: number): string[][] {
  const all: string[][] = [];
  for (const pattern of patterns) {
    const last = all.at(-1);
    if (last !== undefined && last.length < values && wildcardsIn([...last, pattern]) <= wildcards)
      last.push(pattern);
    else all.push([pattern]);
  }
  return all;
}
