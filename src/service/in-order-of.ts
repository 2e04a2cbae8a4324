/** A set, as AWS returns it in an order of its own: what was described first, in that order, then what is there besides. */
export function inOrderOf(described: readonly string[], reported: readonly string[]): readonly string[] {
  const same = reported.length === described.length && described.every((item) => reported.includes(item));
  if (same) return described;
  const others = reported.filter((item) => !described.includes(item));
  return [...described.filter((item) => reported.includes(item)), ...others.sort()];
}
