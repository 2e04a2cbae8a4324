const compiled = new Map<string, RegExp>();

/** True if the text matches a pattern in which `*` stands for any characters, and `?` for one. */
export function matchesPattern(pattern: string, text: string): boolean {
  if (pattern === "*") return true;
  let expression = compiled.get(pattern);
  if (expression === undefined) {
    const escaped = pattern.replace(/[\\^$.|+()[\]{}]/g, String.raw`\$&`);
    expression = new RegExp(`^${escaped.replaceAll("*", "[^]*").replaceAll("?", "[^]")}$`);
    compiled.set(pattern, expression);
  }
  return expression.test(text);
}
