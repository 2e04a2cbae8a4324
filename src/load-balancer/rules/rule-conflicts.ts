import type { Route } from "./rule-conditions.js";

export interface NamedRule extends Route {
  /** For people: whose it is. */
  readonly name: string;
  readonly priority: number;
}

/** Whether a rule, asked first, leaves nothing to another one. */
export const shadows = (first: Route, second: Route): boolean => covers(first, second);

/** Whether there are requests that fit both. What else a rule looks at is not known to exclude the other. */
export const overlaps = (a: Route, b: Route): boolean =>
  meet(lowerCase(a.host), lowerCase(b.host)) && meet(a.path, b.path);

/** Whether every request that `b` takes is one that `a` takes. */
export function covers(a: Route, b: Route): boolean {
  return (
    !a.narrowed && coversPatterns(lowerCase(a.host), lowerCase(b.host)) && coversPatterns(a.path, b.path)
  );
}

function coversPatterns(wide: readonly string[], narrow: readonly string[]): boolean {
  if (wide.length === 0 || wide.includes("*")) return true;
  // No pattern at all is any path: `/*` takes them all too.
  if (narrow.length === 0) return wide.includes("/*");
  return narrow.every((pattern) => wide.some((other) => matches(other, pattern)));
}

/** A pattern against another one's text: its `*` and `?` can only be met by wildcards. */
function matches(pattern: string, text: string): boolean {
  const source = [...pattern]
    .map((character) => {
      if (character === "*") return ".*";
      return character === "?" ? "[^*]" : character.replace(/[\\^$.|+()[\]{}]/, "\\$&");
    })
    .join("");
  return new RegExp(`^${source}$`, "s").test(text);
}

function meet(a: readonly string[], b: readonly string[]): boolean {
  if (a.length === 0 || b.length === 0) return true;
  return a.some((one) => b.some((other) => patternsMeet(one, other)));
}

/** Whether a text exists that both patterns match. */
function patternsMeet(a: string, b: string): boolean {
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

/** Host names mean the same in either case; paths do not. */
const lowerCase = (patterns: readonly string[]): string[] => patterns.map((pattern) => pattern.toLowerCase());
