import type { NormalizedSchema } from "@smithy/core/schema";
import { ServiceError } from "../../core/service-error.js";
import { numbered, queryTree, type QueryNode } from "./query-tree.js";

/** `query` and EC2's own form of it, which flattens every list and capitalizes the names. */
export type QueryDialect = "query" | "ec2";

/** The input in the parameters of a query request, as the operation's schema describes it. */
export function readQuery(
  schema: NormalizedSchema,
  parameters: URLSearchParams,
  dialect: QueryDialect,
): object {
  return schema.isStructSchema() ? readStruct(schema, queryTree(parameters), dialect, "") : {};
}

function readStruct(
  schema: NormalizedSchema,
  node: QueryNode,
  dialect: QueryDialect,
  path: string,
): Record<string, unknown> {
  const read: Record<string, unknown> = {};
  for (const [name, member] of schema.structIterator()) {
    const key = keyOf(name, member, dialect);
    const child = node.children.get(key);
    if (child !== undefined)
      read[name] = readValue(member, child, dialect, path === "" ? key : `${path}.${key}`);
  }
  return read;
}

function keyOf(name: string, member: NormalizedSchema, dialect: QueryDialect): string {
  const { xmlName, ec2QueryName } = namesOf(member);
  if (dialect === "query") return xmlName ?? name;
  const key = ec2QueryName ?? xmlName ?? name;
  return key.charAt(0).toUpperCase() + key.slice(1);
}

const namesOf = (schema: NormalizedSchema) =>
  schema.getMergedTraits() as {
    readonly xmlName?: string;
    readonly ec2QueryName?: string;
    readonly xmlFlattened?: 1;
  };

function readValue(schema: NormalizedSchema, node: QueryNode, dialect: QueryDialect, path: string): unknown {
  if (schema.isStructSchema()) return readStruct(schema, node, dialect, path);
  if (schema.isListSchema()) {
    const item = schema.getValueSchema();
    const isFlat = dialect === "ec2" || namesOf(schema).xmlFlattened === 1;
    const list = isFlat ? node : (node.children.get(namesOf(item).xmlName ?? "member") ?? node);
    return numbered(list).map((child, index) => readValue(item, child, dialect, `${path}.${index + 1}`));
  }
  if (schema.isMapSchema()) return readMap(schema, node, dialect, path);
  return readSimple(schema, node.value ?? "", path);
}

function readMap(
  schema: NormalizedSchema,
  node: QueryNode,
  dialect: QueryDialect,
  path: string,
): Record<string, unknown> {
  const [key, value] = [schema.getKeySchema(), schema.getValueSchema()];
  const entries = namesOf(schema).xmlFlattened === 1 ? node : (node.children.get("entry") ?? node);
  return Object.fromEntries(
    numbered(entries).flatMap((entry) => {
      const name = entry.children.get(namesOf(key).xmlName ?? "key")?.value;
      const child = entry.children.get(namesOf(value).xmlName ?? "value");
      return name === undefined || child === undefined
        ? []
        : [[name, readValue(value, child, dialect, path)]];
    }),
  );
}

function readSimple(schema: NormalizedSchema, text: string, path: string): unknown {
  if (schema.isBooleanSchema()) {
    if (!/^(true|false|1|0)$/i.test(text)) throw malformed(text, path, "Boolean");
    return /^(true|1)$/i.test(text);
  }
  if (schema.isNumericSchema()) {
    const number = Number(text);
    if (text.trim() === "" || Number.isNaN(number)) throw malformed(text, path, "Integer");
    return number;
  }
  if (schema.isBigIntegerSchema()) return BigInt(text);
  if (schema.isBlobSchema()) return Buffer.from(text, "base64");
  if (schema.isTimestampSchema()) {
    const date = new Date(/^\d+(\.\d+)?$/.test(text) ? Number(text) * 1000 : text);
    if (Number.isNaN(date.getTime())) throw malformed(text, path, "timestamp");
    return date;
  }
  return text;
}

const malformed = (text: string, path: string, type: string): ServiceError =>
  new ServiceError("MalformedInput", `The value '${text}' of the parameter ${path} is not a valid ${type}.`);
