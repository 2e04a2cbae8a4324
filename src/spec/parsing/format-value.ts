import { isPlainObject, Uncopied } from "./frozen-copy.js";
import { isUrl } from "./to-path.js";

const MAX_LENGTH = 60;

/** Formats a value for a message: short, but recognizable for the user who wrote it. */
export function formatValue(value: unknown): string {
  if (typeof value === "string") {
    const text = JSON.stringify(value);
    return text.length > MAX_LENGTH
      ? `${text.slice(0, MAX_LENGTH - 1)}…" (${value.length} characters)`
      : text;
  }
  if (value instanceof Uncopied) return value.what;
  if (isUrl(value)) return `the URL ${formatValue(value.href)}`;
  if (value instanceof Date) return "a Date";
  if (typeof value === "function") return "a function";
  if (typeof value === "bigint") return `${value}n`;
  if (Array.isArray(value)) return value.length === 0 ? "an empty array" : "an array";
  if (typeof value === "object" && value !== null)
    return isPlainObject(value) && Object.keys(value).length === 0 ? "an empty object" : "an object";
  return String(value);
}

/** A name as the user gave it, or what was given instead of one. */
export const textOf = (value: unknown): string => (typeof value === "string" ? value : formatValue(value));

/** Joins values as `a, b or c`. */
export function oneOf(values: readonly (string | number)[]): string {
  if (values.length < 2) return values.join("");
  return `${values.slice(0, -1).join(", ")} or ${values.at(-1)}`;
}
