/** A value of a field in one line, cut where it would no longer help. */
export function valueText(value: unknown, longest = 60): string {
  if (value === undefined) return "(not set)";
  // Values that only AWS can say come as text in brackets; they are no strings of the user's.
  const text = typeof value === "string" && /^\(.*\)$/.test(value) ? value : JSON.stringify(value);
  return text.length <= longest ? text : `${text.slice(0, longest - 1)}…`;
}
