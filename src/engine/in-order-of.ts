/** A set that the cloud reports in an order of its own: what is described first, as described, then the rest. */
export function inOrderOf(described: readonly string[], reported: readonly string[]): readonly string[] {
  const there = new Set(reported);
  const rest = reported.filter((item) => !described.includes(item));
  return [...described.filter((item) => there.has(item)), ...rest.sort()];
}
