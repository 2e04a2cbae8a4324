import type { NormalizedSchema } from "@smithy/core/schema";
import { ServiceError } from "../core/service-error.js";

/**
 * Rejects values of another JSON type than the schema's, in the words of AWS's JSON services:
 * "STRING_VALUE can not be converted to an Integer".
 */
export function checkTypes(schema: NormalizedSchema, value: unknown, path: string): void {
  if (value === null || value === undefined) return;
  if (schema.isStructSchema()) {
    if (!isObject(value)) throw unexpected(value, "a structure");
    for (const [name, member] of schema.structIterator()) {
      const child = value[name];
      if (child !== undefined && child !== null) checkTypes(member, child, `${path}.${name}`);
    }
  } else if (schema.isListSchema()) {
    if (!Array.isArray(value)) throw unexpected(value, "a list");
    const item = schema.getValueSchema();
    for (const child of value) checkTypes(item, child, path);
  } else if (schema.isMapSchema()) {
    if (!isObject(value)) throw unexpected(value, "a map");
    const item = schema.getValueSchema();
    for (const child of Object.values(value)) checkTypes(item, child, path);
  } else checkSimple(schema, value);
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function checkSimple(schema: NormalizedSchema, value: unknown): void {
  if (schema.isStringSchema() && typeof value !== "string") throw unexpected(value, "a String");
  if (schema.isBooleanSchema() && typeof value !== "boolean") throw unexpected(value, "a Boolean");
  if (schema.isNumericSchema() && typeof value !== "number" && !isSpecialNumber(value))
    throw unexpected(value, "an Integer");
}

const isSpecialNumber = (value: unknown): boolean =>
  value === "NaN" || value === "Infinity" || value === "-Infinity";

const unexpected = (value: unknown, wanted: string): ServiceError =>
  new ServiceError("SerializationException", `${kindOf(value)} can not be converted to ${wanted}`);

function kindOf(value: unknown): string {
  if (Array.isArray(value)) return "Start of list";
  if (typeof value === "object") return "Start of structure or map";
  if (typeof value === "boolean") return value ? "TRUE_VALUE" : "FALSE_VALUE";
  return typeof value === "number" ? "NUMBER_VALUE" : "STRING_VALUE";
}
