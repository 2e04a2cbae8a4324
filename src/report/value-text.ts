/** A value of a field in one line; a long one loses its middle, because an ARN says most at its end. */
export function valueText(value: unknown, longest = 44): string {
  if (value === undefined) return "(not set)";
  // Values that only AWS can say come as text in brackets; they are no strings of the user's.
  const text = typeof value === "string" && /^\(.*\)$/.test(value) ? value : JSON.stringify(value);
  if (text.length <= longest) return text;
  const start = Math.floor(longest / 3);
  return `${text.slice(0, start)}…${text.slice(start + 1 - longest)}`;
}
