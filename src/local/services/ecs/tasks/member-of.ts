/**
 * True if an instance matches, by the attribute part of ECS's cluster query language:
 * `attribute:ecs.instance-type =~ t3.*`, `== t3.small`, `in [a, b]`, `exists`, their opposites (`!~`, `!=`, `!in`,
 * `!exists`), several joined by `and`. Any other expression counts as matching.
 * Source: ECS Developer Guide, "Create expressions to define container instances for Amazon ECS tasks".
 */
export const isMember = (expression: string, attributes: Readonly<Record<string, string>>): boolean =>
  partsOf(expression).every((part) => isMet(part, attributes));

/** True unless a pattern of the expression is no regular expression. */
export const isExpression = (expression: string): boolean =>
  partsOf(expression).every((part) => {
    const read = partOf(part);
    return read?.operator !== "matches" || patternOf(read.wanted) !== undefined;
  });

const PART =
  /^\s*attribute:(\S+?)(?:\s*([!=]=|[!=]~)|\s+((?:!|not_)?(?:equals|matches|in|exists))(?![^\s[]))\s*(.*?)\s*$/;

const SIGNS: Readonly<Record<string, string>> = {
  "==": "equals",
  "!=": "!equals",
  "=~": "matches",
  "!~": "!matches",
};

/** The attribute, the operator in words and without its negation, and what the attribute is compared with. */
function partOf(part: string) {
  const match = PART.exec(part);
  if (match === null) return undefined;
  const [, name = "", sign = "", word = SIGNS[sign] ?? "", wanted = ""] = match;
  return { name, operator: word.replace(/^(?:!|not_)/, ""), isNegated: /^(?:!|not_)/.test(word), wanted };
}

const partsOf = (expression: string): string[] => expression.split(/\s+(?:and|&&)\s+/);

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
  const read = partOf(part);
  if (read === undefined) return true;
  const { name, operator, isNegated, wanted } = read;
  const value = attributes[name];
  if (operator === "exists") return isNegated !== (value !== undefined);
  if (operator === "equals") return isNegated !== (wanted === (value ?? ""));
  if (operator === "in") return isNegated !== listOf(wanted).includes(value ?? "");
  const pattern = patternOf(wanted);
  // An expression that is no pattern was refused, and counts as met where it was not checked.
  return pattern === undefined || isNegated !== pattern.test(value ?? "");
}

const listOf = (wanted: string): string[] => wanted.replace(/^\[\s*|\s*\]$/g, "").split(/\s*,\s*/);
