import { formatValue } from "./parsing/format-value.js";
import { isPlainObject } from "./parsing/frozen-copy.js";
import type { Issues } from "./parsing/issues.js";

/** AWS allows 50 tags per resource; quayside sets four. Source: "Tagging your AWS resources", AWS documentation. */
const MAX_TAGS = 46;

const CHARACTERS = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;
const CHARACTERS_IN_WORDS = "letters, digits, spaces and _.:/=+-@";

/** Parses the user's tags of all calls. */
export function parseTags(
  calls: readonly unknown[],
  path: string,
  issues: Issues,
): Readonly<Record<string, string>> {
  const tags = new Map<string, string>();
  for (const call of calls) {
    if (!isPlainObject(call)) {
      issues.add(path, `must be an object of keys and values; got ${formatValue(call)}`);
      continue;
    }
    for (const [key, value] of Object.entries(call)) {
      const problem = tagProblem(key, value);
      if (problem === undefined) tags.set(key, value as string);
      else issues.add(`${path}.${key}`, problem);
    }
  }
  if (tags.size > MAX_TAGS) {
    issues.add(path, `must be at most ${MAX_TAGS} tags (AWS allows 50, quayside sets 4); got ${tags.size}`);
  }
  reportCaseDuplicates([...tags.keys()], path, issues);
  return Object.fromEntries(tags);
}

function tagProblem(key: string, value: unknown): string | undefined {
  if (key.length < 1 || key.length > 128 || !CHARACTERS.test(key)) {
    return `the key must be 1 to 128 ${CHARACTERS_IN_WORDS}; got ${formatValue(key)}`;
  }
  const prefix = /^(aws|quayside):/i.exec(key)?.[0];
  if (prefix !== undefined) return `the key must not begin with "${prefix.toLowerCase()}", which is reserved`;
  if (typeof value !== "string" || value.length > 256 || !CHARACTERS.test(value)) {
    return `the value must be 0 to 256 ${CHARACTERS_IN_WORDS}; got ${formatValue(value)}`;
  }
  return undefined;
}

/** Reports keys that differ only in case: IAM ignores case and rejects such a pair. */
function reportCaseDuplicates(keys: readonly string[], path: string, issues: Issues): void {
  const seen = new Map<string, string>();
  for (const key of keys) {
    const duplicate = seen.get(key.toLowerCase());
    if (duplicate === undefined) seen.set(key.toLowerCase(), key);
    else
      issues.add(
        `${path}.${key}`,
        `differs from the key ${formatValue(duplicate)} only in case, which IAM rejects`,
      );
  }
}
