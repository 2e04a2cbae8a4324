import { CYCLE } from "./frozen-copy.js";

const MAX_LENGTH = 60;

/** Formats a value for a message: short, but recognizable for the user who wrote it. */
export function formatValue(value: unknown): string {
  if (typeof value === "string") {
    const text = JSON.stringify(value);
    return text.length > MAX_LENGTH
      ? `${text.slice(0, MAX_LENGTH - 1)}…" (${value.length} characters)`
      : text;
  }
  if (value === CYCLE) return "an object that contains itself";
  if (typeof value === "function") return "a function";
  if (typeof value === "bigint") return `${value}n`;
  if (Array.isArray(value)) return value.length === 0 ? "an empty array" : "an array";
  if (typeof value === "object" && value !== null) return "an object";
  return String(value);
}

/** Joins values as `a, b or c`. */
export function oneOf(values: readonly (string | number)[]): string {
  if (values.length < 2) return values.join("");
  return `${values.slice(0, -1).join(", ")} or ${values.at(-1)}`;
}
