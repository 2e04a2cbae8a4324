/* The limits of one listener rule. Source: "Quotas for your Application Load Balancers". */
export const MAX_VALUES = 5;
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
 *
 * @param taken - what further conditions take of every rule's values and wildcards
 */
export function splitRoute({ path, host }: Patterns, taken: Limits = NONE): readonly Patterns[] {
  const left: Limits = { values: MAX_VALUES - taken.values, wildcards: MAX_WILDCARDS - taken.wildcards };
  if (fits(path, host, left)) return [{ path, host }];
  const [paths, hosts] = [sorted(path), sorted(host)];
  const mostHosts = Math.max(0, Math.min(hosts.length, left.values - 1));
  const candidates = Array.from({ length: mostHosts + 1 }, (_, count) =>
    combinations(paths, hosts, count, left),
  );
  const possible = candidates.filter((rules) => rules.length > 0);
  return possible.sort((one, other) => one.length - other.length)[0] ?? [];
}

/** Numbers of a rule's values and wildcards. */
interface Limits {
  readonly values: number;
  readonly wildcards: number;
}

const NONE: Limits = { values: 0, wildcards: 0 };

const fits = (path: readonly string[], host: readonly string[], { values, wildcards }: Limits): boolean =>
  path.length + host.length <= values && wildcardsIn(path) + wildcardsIn(host) <= wildcards;

const sorted = (patterns: readonly string[]): string[] =>
  [...patterns].sort((a, b) => b.length - a.length || (a < b ? -1 : 1));

/** Returns the rules with up to `count` hosts each, or none if that is impossible. */
function combinations(
  paths: readonly string[],
  hosts: readonly string[],
  count: number,
  left: Limits,
): Patterns[] {
  if (count === 0 && hosts.length > 0) return [];
  const rules: Patterns[] = [];
  const hostChunks = count === 0 ? [[]] : chunks(hosts, count, left.wildcards);
  for (const host of hostChunks) {
    const parts = chunks(paths, left.values - host.length, left.wildcards - wildcardsIn(host));
    if (parts.some((path) => !fits(path, host, left))) return [];
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
