/**
 * What one rule of a load balancer holds. Source: "Quotas for your Application Load Balancers".
 */
const MOST_VALUES = 5;
export const MOST_WILDCARDS = 6;

export interface Patterns {
  readonly path: readonly string[];
  readonly host: readonly string[];
}

/** The `*` and `?` in patterns. */
export const wildcardsIn = (patterns: readonly string[]): number =>
  patterns.join("").replace(/[^*?]/g, "").length;

/**
 * The rules that a route takes: one, if its patterns fit; otherwise as few as hold every host together with
 * every path, the most specific patterns first. The same patterns are split in the same way, in whatever
 * order they are given.
 */
export function splitRoute({ path, host }: Patterns): readonly Patterns[] {
  if (fits(path, host)) return [{ path, host }];
  const [paths, hosts] = [sorted(path), sorted(host)];
  const mostHosts = Math.min(hosts.length, MOST_VALUES - 1);
  const ways = Array.from({ length: mostHosts + 1 }, (_, count) => combined(paths, hosts, count));
  const possible = ways.filter((rules) => rules.length > 0);
  return possible.sort((one, other) => one.length - other.length)[0] ?? [];
}

const fits = (path: readonly string[], host: readonly string[]): boolean =>
  path.length + host.length <= MOST_VALUES && wildcardsIn(path) + wildcardsIn(host) <= MOST_WILDCARDS;

const sorted = (patterns: readonly string[]): string[] =>
  [...patterns].sort((a, b) => b.length - a.length || (a < b ? -1 : 1));

/** With so many hosts a rule; none if that is not possible. */
function combined(paths: readonly string[], hosts: readonly string[], count: number): Patterns[] {
  if (count === 0 && hosts.length > 0) return [];
  const rules: Patterns[] = [];
  const hostChunks = count === 0 ? [[]] : chunks(hosts, count, MOST_WILDCARDS);
  for (const host of hostChunks) {
    const parts = chunks(paths, MOST_VALUES - host.length, MOST_WILDCARDS - wildcardsIn(host));
    if (parts.some((path) => !fits(path, host))) return [];
    for (const path of parts) rules.push({ path, host });
  }
  return rules;
}

/** In order, each as long as it may be; what does not fit even alone is alone. */
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
