import { fromGoRegExp } from "./go-regexp.js";

/** One pattern of `.dockerignore`, cleaned. */
export interface IgnorePattern {
  /** Without `!`. */
  readonly text: string;
  /** True if it begins with `!`: what it matches is part of the context after all. */
  readonly isException: boolean;
  readonly matches: (path: string) => boolean;
}

/** Compiles a pattern as moby/patternmatcher does. Throws a SyntaxError for one that Docker refuses. */
export function compilePattern(text: string, isException: boolean): IgnorePattern {
  checkSyntax(text);
  return { text, isException, matches: matcherOf(text) };
}

/**
 * `*` and `?` stop at a slash, `**` does not. A pattern without wildcards, or with `**` only at one of its ends,
 * is compared as it is; any other becomes a regular expression.
 */
function matcherOf(pattern: string): (path: string) => boolean {
  const chars = [...pattern];
  let type: "exact" | "prefix" | "suffix" | "expression" = "exact";
  let source = "^";
  for (let at = 0; at < chars.length; at++) {
    const char = chars[at]!;
    if (char === "*" && chars[at + 1] === "*") {
      const isFirst = at === 0;
      at++;
      // A slash after it is part of it.
      if (chars[at + 1] === "/") at++;
      if (at + 1 < chars.length) {
        source += "(.*/)?";
        type = "expression";
      } else if (type === "exact") type = "prefix";
      else {
        source += ".*";
        type = "expression";
      }
      if (isFirst) type = "suffix";
    } else if (char === "*") {
      source += "[^/]*";
      type = "expression";
    } else if (char === "?") {
      source += "[^/]";
      type = "expression";
    } else if (char === "\\") {
      source += `\\${chars[++at] ?? ""}`;
      type = "expression";
    } else {
      if (char === "[" || char === "]") type = "expression";
      source += /^[.+()|{}$]$/.test(char) ? `\\${char}` : char;
    }
  }
  if (type === "exact") return (path) => path === pattern;
  if (type === "prefix") return (path) => path.startsWith(pattern.slice(0, -2));
  if (type === "suffix") {
    const suffix = pattern.slice(2);
    return (path) => path.endsWith(suffix) || (suffix.startsWith("/") && path === suffix.slice(1));
  }
  const expression = fromGoRegExp(`${source}$`);
  return (path) => expression.test(path);
}

/** Docker refuses what Go's filepath.Match refuses: a bracket that is not closed, is empty, or has a lone hyphen. */
function checkSyntax(pattern: string): void {
  const chars = [...pattern];
  const fail = (): never => {
    throw new SyntaxError("syntax error in pattern");
  };
  /** Returns the index after one character of a class. */
  const member = (at: number): number => {
    if (chars[at] === undefined || chars[at] === "-" || chars[at] === "]") fail();
    const next = chars[at] === "\\" ? at + 2 : at + 1;
    return next < chars.length ? next : fail();
  };
  for (let at = 0; at < chars.length; at++) {
    if (chars[at] === "\\" && ++at >= chars.length) fail();
    else if (chars[at - 1] !== "\\" && chars[at] === "[") {
      at++;
      if (chars[at] === "^") at++;
      for (let isFirst = true; isFirst || chars[at] !== "]"; isFirst = false) {
        at = member(at);
        if (chars[at] === "-") at = member(at + 1);
      }
    }
  }
}
