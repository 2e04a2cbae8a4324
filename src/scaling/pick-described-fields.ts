/**
 * The reported value without fields that the description does not have: AWS adds defaults. Lists of the same
 * length are picked from item by item, others are kept as a whole.
 */
export function pickDescribedFields(described: unknown, reported: unknown): unknown {
  if (Array.isArray(described) && Array.isArray(reported)) {
    if (described.length !== reported.length) return reported;
    return described.map((item, index) => pickDescribedFields(item, reported[index]));
  }
  if (!isObject(described) || !isObject(reported)) return reported;
  return Object.fromEntries(
    Object.keys(described)
      .filter((key) => reported[key] !== undefined && reported[key] !== null)
      .map((key) => [key, pickDescribedFields(described[key], reported[key])]),
  );
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
