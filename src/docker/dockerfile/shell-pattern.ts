import { DockerfileError } from "./dockerfile-error.js";

/** Removes what the pattern matches from the start (`#`) or the end (`%`): a doubled operator removes the most. */
export function trimPattern(value: string, word: string, operator: "#" | "%"): string {
  const isLongest = word.startsWith(operator);
  const pattern = isLongest ? word.slice(1) : word;
  const source = toRegExp(pattern, operator === "#" && !isLongest ? ".*?" : ".*");
  if (operator === "#") return value.replace(new RegExp(`^(?:${source})`, "u"), "");
  // The end is the shortest if what is kept is the longest.
  const kept = isLongest ? "[^]*?" : "[^]*";
  return new RegExp(`^(${kept})(?:${source})$`, "u").exec(value)?.[1] ?? value;
}

/** Replaces the first match, or all matches, of the pattern. */
export function replacePattern(
  value: string,
  how: { readonly pattern: string; readonly replacement: string; readonly isGlobal: boolean },
): string {
  const pattern = new RegExp(toRegExp(how.pattern, ".*"), how.isGlobal ? "gu" : "u");
  return value.replace(pattern, () => how.replacement);
}

/** `*` and `?` are wildcards; a backslash escapes them, and the characters that end the pattern. */
function toRegExp(pattern: string, star: string): string {
  const chars = [...pattern];
  let source = "";
  for (let at = 0; at < chars.length; at++) {
    let char = chars[at]!;
    if (char === "*") source += star;
    else if (char === "?") source += ".";
    else {
      if (char === "\\") {
        char = chars[++at] ?? "";
        if (!/^[*?\\}/]$/.test(char))
          throw new DockerfileError(`the pattern ${pattern} of a variable has the invalid escape \\${char}`);
      }
      source += char.replace(/[\\^$.*+?()[\]{}|/]/u, "\\$&");
    }
  }
  return source;
}
