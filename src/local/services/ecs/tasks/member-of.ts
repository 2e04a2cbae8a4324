/**
 * True if an instance matches, by the attribute part of ECS's cluster query language:
 * `attribute:ecs.instance-type =~ t3.*`, `== t3.small`, `!= …`, `in [a, b]`, several joined by `and`. Any other
 * expression counts as matching.
 */
export const isMember = (expression: string, attributes: Readonly<Record<string, string>>): boolean =>
  expression.split(/\s+(?:and|&&)\s+/).every((part) => isMet(part, attributes));

function isMet(part: string, attributes: Readonly<Record<string, string>>): boolean {
  const match = /^\s*attribute:(\S+)\s*(==|equals|!=|not_equals|=~|matches|in)\s*\[?\s*(.*?)\s*\]?\s*$/.exec(
    part,
  );
  if (match === null) return true;
  const [, name = "", operator = "", wanted = ""] = match;
  const value = attributes[name] ?? "";
  if (operator === "in") return wanted.split(/\s*,\s*/).includes(value);
  // A pattern is a Java regular expression.
  if (operator === "=~" || operator === "matches") return new RegExp(`^${wanted}$`).test(value);
  return ["!=", "not_equals"].includes(operator) !== (value === wanted);
}
