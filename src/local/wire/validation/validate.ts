import type { NormalizedSchema } from "@smithy/core/schema";
import type { ServiceName } from "../../../aws/api.js";
import type { ApiModel, ApiOperation } from "../api-model.js";
import type { WireService } from "../wire-services.js";
import { CONSTRAINTS, type Constraint } from "./constraints.js";
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
  const table = CONSTRAINTS[walk.service] ?? {};
  const constraint = table[`${walk.operation}.${name}`] ?? table[name] ?? {};
  const why = broken(walk, constraint, owner, name, schema, value);
  if (why !== undefined) walk.violations.push({ ...why, name, path, isNested: path.includes("."), value });
  else if (schema.isStructSchema())
    checkStruct(walk, schema, value as Readonly<Record<string, unknown>>, path);
  else if (schema.isListSchema() && schema.getValueSchema().isStructSchema()) {
    for (const [index, item] of (value as readonly unknown[]).entries())
      checkStruct(
        walk,
        schema.getValueSchema(),
        item as Readonly<Record<string, unknown>>,
        `${path}.${index + 1}.member`,
      );
  }
}

type Broken = Pick<Violation, "kind" | "why">;

function broken(
  walk: Walk,
  constraint: Constraint,
  owner: NormalizedSchema,
  name: string,
  schema: NormalizedSchema,
  value: unknown,
): Broken | undefined {
  if (typeof value === "number" && schema.isNumericSchema()) return outside(constraint, value, "value");
  if (Array.isArray(value)) return outside(constraint, value.length, "length");
  if (typeof value !== "string" || !schema.isStringSchema()) return undefined;
  const allowed = enumeration(walk, constraint, owner, name);
  if (allowed !== undefined && !allowed.includes(value))
    return { kind: "enum", why: `Member must satisfy enum value set: [${allowed.join(", ")}]` };
  const { pattern } = constraint;
  return (
    outside(constraint, value.length, "length") ??
    (pattern !== undefined && !new RegExp(`^(?:${pattern})$`).test(value)
      ? { kind: "pattern", why: `Member must satisfy regular expression pattern: ${pattern}` }
      : undefined)
  );
}

function outside({ min, max }: Constraint, size: number, of: "value" | "length"): Broken | undefined {
  if (min !== undefined && size < min)
    return { kind: of, why: `Member must have ${of} greater than or equal to ${min}` };
  if (max !== undefined && size > max)
    return { kind: of, why: `Member must have ${of} less than or equal to ${max}` };
  return undefined;
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
  const own = name.charAt(0).toUpperCase() + name.slice(1);
  const of = owner.getName() ?? "";
  return model.enums.get(own) ?? model.enums.get(`${own}Enum`) ?? model.enums.get(`${of}${own}Enum`);
}

const lowerFirst = (name: string): string => name.charAt(0).toLowerCase() + name.slice(1);
