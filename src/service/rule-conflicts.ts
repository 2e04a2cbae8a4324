import type { Route } from "./rule-conditions.js";

export interface NamedRule extends Route {
  /** For people: whose it is. */
  readonly name: string;
  readonly priority: number;
}

/** Names the rules that take every request of `rule` before it is asked. */
export function conflicts(
  rule: Route & { readonly priority: number },
  others: readonly NamedRule[],
): string[] {
  return others
    .filter((other) => other.priority < rule.priority && covers(other, rule))
    .map(({ name }) => name);
}

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

/** Host names mean the same in either case; paths do not. */
const lowerCase = (patterns: readonly string[]): string[] => patterns.map((pattern) => pattern.toLowerCase());
