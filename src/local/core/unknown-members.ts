/** Members of answers whose values are maps with keys of the user's. */
const MAPS: ReadonlySet<string> = new Set(["options", "dockerLabels", "driverOpts", "labels", "tags"]);

/**
 * An answer with members that no SDK knows, in each of its objects: AWS adds members to its answers over the
 * years, and fills in their defaults.
 */
export const withUnknownMembers = <Answer extends object>(answer: Answer): Answer =>
  extended(answer) as Answer;

function extended(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(extended);
  if (!isPlain(value)) return value;
  const members = Object.entries(value).map(([key, member]): [string, unknown] => [
    key,
    MAPS.has(key) && !Array.isArray(member) ? member : extended(member),
  ]);
  return { ...Object.fromEntries(members), ofTheFuture: "DEFAULT", isOfTheFuture: true };
}

const isPlain = (value: unknown): value is object =>
  typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
