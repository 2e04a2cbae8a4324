import { stripVTControlCharacters } from "node:util";

/** What moves a cursor, clears a screen, or changes the order in which text is read: all of Unicode's. */
const UNSAFE = /[\p{Cc}\p{Bidi_Control}\u2028\u2029\uFEFF]/gu;
const BREAKS = /[\n\r\t\v\f\u0085\u2028\u2029]+/g;
const LINES = /\r\n|[\n\r]/;

/**
 * A text from outside (a log line, a message of AWS's, a name) as one line that a terminal shows and does not
 * obey: without control sequences, line breaks and marks of direction.
 */
export const printable = (text: string): string =>
  // The sequences first, whole: without its first character, the rest of one would stay as text.
  stripVTControlCharacters(text).replace(BREAKS, " ").replace(UNSAFE, "");

/** The same for a text of several lines, such as an error's message. */
export const printableLines = (text: string): string => text.split(LINES).map(printable).join("\n");

/** A value as it is, with what a terminal would obey spelled out: `\u001b`. Line breaks and tabs stay. */
export const escaped = (text: string): string =>
  text.replace(UNSAFE, (char) =>
    char === "\n" || char === "\t" ? char : `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );

/** Changes all texts in plain data; everything else in it stays as it is. */
export function mapTexts<T>(value: T, change: (text: string) => string): T {
  if (typeof value === "string") return change(value) as T;
  if (Array.isArray(value)) return value.map((item: unknown) => mapTexts(item, change)) as T;
  if (!isPlain(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [change(key), mapTexts(item as unknown, change)]),
  ) as T;
}

function isPlain(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
