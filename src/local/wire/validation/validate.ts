import type { NormalizedSchema } from "@smithy/core/schema";
import type { ServiceName } from "../../../aws/api.js";
import type { ApiModel, ApiOperation } from "../api-model.js";
import type { WireService } from "../wire-services.js";
import type { Constraint } from "./constraint.js";
import { CONSTRAINTS } from "./constraints.js";
import { refusal, type Violation } from "./refusal.js";

interface Walk {
  readonly service: ServiceName;
  readonly model: ApiModel;
  readonly operation: string;
  readonly violations: Violation[];
}

/** Rejects an input that breaks the constraints of the API's model, as the service does. */
export function validate(
  { service }: WireService,
  model: ApiModel,
  { name: operation, input: schema }: ApiOperation,
  input: object,
): void {
  if (!schema.isStructSchema()) return;
  const walk: Walk = { service, model, operation, violations: [] };
  checkStruct(walk, schema, input as Readonly<Record<string, unknown>>, "");
  const error = refusal(service, walk.violations);
  if (error !== undefined) throw error;
}

function checkStruct(
  walk: Walk,
  schema: NormalizedSchema,
  value: Readonly<Record<string, unknown>>,
  path: string,
): void {
  const required = requiredCount(schema);
  let index = 0;
  for (const [name, member] of schema.structIterator()) {
    const at = path === "" ? lowerFirst(name) : `${path}.${lowerFirst(name)}`;
    const given = value[name];
    if (given !== undefined && given !== null) checkMember(walk, schema, name, member, given, at);
    else if (index < required)
      walk.violations.push({
        kind: "required",
        name,
        path: at,
        isNested: path !== "",
        value: undefined,
        why: "Member must not be null",
      });
    index++;
  }
}

/** The required members of a structure come first in the SDK's schemas; their number is the last part. */
function requiredCount(schema: NormalizedSchema): number {
  const count = (schema.getSchema() as readonly unknown[])[6];
  return typeof count === "number" ? count : 0;
}

function checkMember(
  walk: Walk,
  owner: NormalizedSchema,
  name: string,
  schema: NormalizedSchema,
  value: unknown,
  path: string,
): void {
  const of = (part: string): Constraint => constraintOf(walk, owner, `${name}${part}`);
  const allowed = enumeration(walk, of(""), owner, name);
  const violations = broken(of(""), allowed, schema, value);
  const add = ({ kind, why }: Broken): unknown =>
    walk.violations.push({ kind, why, name, path, isNested: path.includes("."), value });
  if (violations.length > 0) violations.forEach(add);
  else if (schema.isStructSchema())
    checkStruct(walk, schema, value as Readonly<Record<string, unknown>>, path);
  else if (schema.isListSchema()) {
    const items = value as readonly unknown[];
    const item = schema.getValueSchema();
    if (item.isStructSchema()) {
      for (const [index, each] of items.entries())
        checkStruct(walk, item, each as Readonly<Record<string, unknown>>, `${path}.${index + 1}.member`);
    } else brokenParts(walk, of("[]"), item, items, "Member must satisfy constraint").forEach(add);
  } else if (schema.isMapSchema()) {
    const [keys, values] = [Object.keys(value as object), Object.values(value as object)];
    const parts = [
      ...brokenParts(walk, of("{key}"), schema.getKeySchema(), keys, "Map keys must satisfy constraint"),
      ...brokenParts(
        walk,
        of("{value}"),
        schema.getValueSchema(),
        values,
        "Map value must satisfy constraint",
      ),
    ];
    parts.forEach(add);
  }
}

const constraintOf = ({ service, operation }: Walk, owner: NormalizedSchema, name: string): Constraint => {
  const table = CONSTRAINTS[service] ?? {};
  return table[`${operation}.${name}`] ?? table[`${owner.getName() ?? ""}.${name}`] ?? table[name] ?? {};
};

type Broken = Pick<Violation, "kind" | "why">;

/** What the items of a list, or the keys or values of a map, break: all of their constraints are named. */
function brokenParts(
  { model }: Walk,
  constraint: Constraint,
  schema: NormalizedSchema,
  parts: readonly unknown[],
  what: string,
): readonly Broken[] {
  const allowed = constraint.enum === undefined ? undefined : model.enums.get(constraint.enum);
  const wrong = parts.map((part) => broken(constraint, allowed, schema, part)[0]).find(Boolean);
  if (wrong === undefined) return [];
  const { min, max, pattern } = constraint;
  const all = [
    ...(allowed === undefined ? [] : [sentences.allowed(allowed)]),
    ...(max === undefined ? [] : [sentences.max("length", max)]),
    ...(min === undefined ? [] : [sentences.min("length", min)]),
    ...(pattern === undefined ? [] : [sentences.pattern(pattern)]),
  ];
  return [{ kind: wrong.kind, why: `${what}: [${all.join(", ")}]` }];
}

/** The words of AWS's services for what a member must satisfy. */
const sentences = {
  allowed: (values: readonly string[]) => `Member must satisfy enum value set: [${values.join(", ")}]`,
  min: (of: "value" | "length", min: number) => `Member must have ${of} greater than or equal to ${min}`,
  max: (of: "value" | "length", max: number) => `Member must have ${of} less than or equal to ${max}`,
  pattern: (pattern: string) => `Member must satisfy regular expression pattern: ${pattern}`,
};

/** The constraints that a value breaks: both its length and its pattern, say. */
function broken(
  constraint: Constraint,
  allowed: readonly string[] | undefined,
  schema: NormalizedSchema,
  value: unknown,
): readonly Broken[] {
  if (typeof value === "number" && schema.isNumericSchema()) return outside(constraint, value, "value");
  if (Array.isArray(value)) return outside(constraint, value.length, "length");
  if (typeof value !== "string" || !schema.isStringSchema()) return [];
  if (allowed !== undefined)
    return allowed.includes(value) ? [] : [{ kind: "enum", why: sentences.allowed(allowed) }];
  const { pattern } = constraint;
  const matches = pattern === undefined || new RegExp(`^(?:${pattern})$`, "u").test(value);
  return [
    ...(matches ? [] : [{ kind: "pattern" as const, why: sentences.pattern(pattern) }]),
    ...outside(constraint, value.length, "length"),
  ];
}

function outside({ min, max }: Constraint, size: number, of: "value" | "length"): readonly Broken[] {
  if (min !== undefined && size < min) return [{ kind: of, why: sentences.min(of, min) }];
  if (max !== undefined && size > max) return [{ kind: of, why: sentences.max(of, max) }];
  return [];
}

/** The SDK exports the values of enumerations by name. EC2's lists grow every week: EC2 itself checks those. */
function enumeration(
  { service, model }: Walk,
  constraint: Constraint,
  owner: NormalizedSchema,
  name: string,
): readonly string[] | undefined {
  if (service === "ec2") return undefined;
  if (constraint.enum !== undefined) return model.enums.get(constraint.enum);
  // The protocol of a redirect is none of the protocols of listeners.
  if (constraint.pattern !== undefined) return undefined;
  const own = name.charAt(0).toUpperCase() + name.slice(1);
  const of = owner.getName() ?? "";
  return model.enums.get(own) ?? model.enums.get(`${own}Enum`) ?? model.enums.get(`${of}${own}Enum`);
}

const lowerFirst = (name: string): string => name.charAt(0).toLowerCase() + name.slice(1);
