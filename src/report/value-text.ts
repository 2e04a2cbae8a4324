/**
 * The value of a field in one line; a long one is shortened in its middle, because the end of an ARN identifies
 * it.
 */
export function valueText(value: unknown, longest = 44): string {
  if (value === undefined) return "(not set)";
  // Values that only AWS can determine are texts in parentheses, not strings of the user's.
  const text = typeof value === "string" && /^\(.*\)$/.test(value) ? value : JSON.stringify(value);
  if (text.length <= longest) return text;
  const start = Math.floor(longest / 3);
  return `${text.slice(0, start)}…${text.slice(start + 1 - longest)}`;
}
