/** Returns regions of a source file, `// #region name` to `// #endregion name`, without their common indentation. */
export function regionsOf(source: string, names: readonly string[]): string {
  return names.map((name) => regionOf(source.split("\n"), name)).join("\n");
}

function regionOf(lines: readonly string[], name: string): string {
  const start = lines.findIndex((line) => line.trim() === `// #region ${name}`);
  const end = lines.findIndex((line) => line.trim() === `// #endregion ${name}`);
  if (start < 0 || end < start) throw new Error(`there is no region ${name}`);
  const region = lines.slice(start + 1, end);
  const indents = region.filter((line) => line.trim() !== "").map((line) => line.search(/\S/));
  const indent = Math.min(...indents);
  return region.map((line) => line.slice(indent)).join("\n");
}
