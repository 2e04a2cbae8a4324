import { formatValue } from "./parsing/format-value.js";
import { isPlainObject } from "./parsing/frozen-copy.js";
import type { Issues } from "./parsing/issues.js";

/** 50 that a resource can carry, less quayside's own four. Source: "Tagging your AWS resources", AWS documentation. */
export const MOST_TAGS = 46;

const CHARACTERS = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;
const CHARACTERS_IN_WORDS = "letters, digits, spaces and _.:/=+-@";

/** The user's tags, of all calls. */
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
  if (tags.size > MOST_TAGS) {
    issues.add(path, `must be at most ${MOST_TAGS} tags (AWS allows 50, quayside sets 4); got ${tags.size}`);
  }
  reportTwins([...tags.keys()], path, issues);
  return Object.fromEntries(tags);
}

function tagProblem(key: string, value: unknown): string | undefined {
  if (key.length < 1 || key.length > 128 || !CHARACTERS.test(key)) {
    return `a tag's key must be 1 to 128 ${CHARACTERS_IN_WORDS}; got ${formatValue(key)}`;
  }
  const prefix = /^(aws|quayside):/i.exec(key)?.[0];
  if (prefix !== undefined)
    return `a tag's key must not begin with "${prefix.toLowerCase()}", which is reserved`;
  if (typeof value !== "string" || value.length > 256 || !CHARACTERS.test(value)) {
    return `a tag's value must be 0 to 256 ${CHARACTERS_IN_WORDS}; got ${formatValue(value)}`;
  }
  return undefined;
}

/** IAM compares keys without case and refuses a role that has both. */
function reportTwins(keys: readonly string[], path: string, issues: Issues): void {
  const seen = new Map<string, string>();
  for (const key of keys) {
    const twin = seen.get(key.toLowerCase());
    if (twin === undefined) seen.set(key.toLowerCase(), key);
    else
      issues.add(
        `${path}.${key}`,
        `differs from the key ${formatValue(twin)} in upper and lower case only, which IAM refuses`,
      );
  }
}
