/** True unless a pattern of the expression is no regular expression. */
export const isExpression = (expression: string): boolean =>
  partsOf(expression).every((part) => {
    const [, , operator = "", pattern = ""] = PART.exec(part) ?? [];
    return !isMatch(operator) || patternOf(pattern) !== undefined;
  });

/**
 * True if an instance matches, by the attribute part of ECS's cluster query language:
 * `attribute:ecs.instance-type =~ t3.*`, `== t3.small`, `!= …`, `in [a, b]`, several joined by `and`. Any other
 * expression counts as matching.
 */
export const isMember = (expression: string, attributes: Readonly<Record<string, string>>): boolean =>
  partsOf(expression).every((part) => isMet(part, attributes));

const PART = /^\s*attribute:(\S+)\s*(==|equals|!=|not_equals|=~|matches|in)\s*(.*?)\s*$/;

const partsOf = (expression: string): string[] => expression.split(/\s+(?:and|&&)\s+/);

const isMatch = (operator: string): boolean => operator === "=~" || operator === "matches";

/** A pattern is a Java regular expression: possessive quantifiers are as good as greedy ones here. */
function patternOf(pattern: string): RegExp | undefined {
  const [, flags = "", rest = ""] = /^(?:\(\?([a-z]+)\))?(.*)$/s.exec(pattern) ?? [];
  try {
    return new RegExp(`^(?:${rest.replace(/([*+?}])\+/g, "$1")})$`, flags.includes("i") ? "i" : "");
  } catch {
    return undefined;
  }
}

function isMet(part: string, attributes: Readonly<Record<string, string>>): boolean {
  const match = PART.exec(part);
  if (match === null) return true;
  const [, name = "", operator = "", wanted = ""] = match;
  const value = attributes[name] ?? "";
  if (operator === "in")
    return wanted
      .replace(/^\[\s*|\s*\]$/g, "")
      .split(/\s*,\s*/)
      .includes(value);
  // An expression that is no pattern was refused, and counts as met where it was not checked.
  if (isMatch(operator)) return patternOf(wanted)?.test(value) ?? true;
  return ["!=", "not_equals"].includes(operator) !== (value === wanted);
}
