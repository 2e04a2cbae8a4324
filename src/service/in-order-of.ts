/** A set that AWS returns in an order of its own, in the described order if it holds the same. */
export function inOrderOf(described: readonly string[], reported: readonly string[]): readonly string[] {
  const same = reported.length === described.length && described.every((item) => reported.includes(item));
  return same ? described : [...reported].sort();
}
