import type { Route } from "./rule-conditions.js";

export interface NamedRule extends Route {
  /** The owner, for messages. */
  readonly name: string;
  readonly priority: number;
}

/** True if a rule that is evaluated first matches all requests of the second one. */
export const shadows = (first: Route, second: Route): boolean => covers(first, second);

/** True if some requests match both. Further conditions are not assumed to exclude each other. */
export const overlaps = (a: Route, b: Route): boolean =>
  listsOverlap(lowerCase(a.host), lowerCase(b.host)) && listsOverlap(a.path, b.path);

/** True if `a` matches every request that `b` matches. */
export function covers(a: Route, b: Route): boolean {
  return (
    isNoNarrower(a, b) &&
    coversPatterns(lowerCase(a.host), lowerCase(b.host)) &&
    coversPatterns(a.path, b.path)
  );
}

/** True if `b` has every further condition of `a`. */
const isNoNarrower = (a: Route, b: Route): boolean =>
  !a.narrowed || (a.further?.every((condition) => b.further?.includes(condition) === true) ?? false);

function coversPatterns(wide: readonly string[], narrow: readonly string[]): boolean {
  if (wide.length === 0 || wide.includes("*")) return true;
  // No pattern means any path, which `/*` matches as well.
  if (narrow.length === 0) return wide.includes("/*");
  return narrow.every((pattern) => wide.some((other) => matches(other, pattern)));
}

/** True if a pattern matches another pattern as text: only wildcards match the other's `*` and `?`. */
function matches(pattern: string, text: string): boolean {
  const source = [...pattern]
    .map((character) => {
      if (character === "*") return ".*";
      return character === "?" ? "[^*]" : character.replace(/[\\^$.|+()[\]{}]/, "\\$&");
    })
    .join("");
  return new RegExp(`^${source}$`, "s").test(text);
}

function listsOverlap(a: readonly string[], b: readonly string[]): boolean {
  if (a.length === 0 || b.length === 0) return true;
  return a.some((one) => b.some((other) => patternsOverlap(one, other)));
}

/** True if a text exists that both patterns match. */
function patternsOverlap(a: string, b: string): boolean {
  const known = new Map<number, boolean>();
  const from = (i: number, j: number): boolean => {
    const key = i * (b.length + 1) + j;
    let answer = known.get(key);
    if (answer === undefined) known.set(key, (answer = decide(i, j)));
    return answer;
  };
  const decide = (i: number, j: number): boolean => {
    if (i === a.length && j === b.length) return true;
    // A star stands for nothing, or for one more character of the other.
    if (a[i] === "*") return from(i + 1, j) || (j < b.length && from(i, j + 1));
    if (b[j] === "*") return from(i, j + 1) || (i < a.length && from(i + 1, j));
    if (i === a.length || j === b.length) return false;
    return (a[i] === b[j] || a[i] === "?" || b[j] === "?") && from(i + 1, j + 1);
  };
  return from(0, 0);
}

/** Host names are case-insensitive; paths are not. */
const lowerCase = (patterns: readonly string[]): string[] => patterns.map((pattern) => pattern.toLowerCase());
