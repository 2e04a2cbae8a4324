import { JsonShapeDeserializer2, JsonShapeSerializer2 } from "@smithy/core/protocols";
import type { NormalizedSchema } from "@smithy/core/schema";
import { ServiceError } from "../../core/service-error.js";
import { checkTypes } from "../check-types.js";
import { queryErrorOf, type ApiModel } from "../api-model.js";
import type { Protocol, WireError } from "./protocol.js";

const EPOCH_SECONDS = 7;

const settings = { jsonName: false, timestampFormat: { useTrait: true, default: EPOCH_SECONDS } } as const;

/** The input in an object of JSON, as the operation's schema describes it. */
export const readJson = (schema: NormalizedSchema, raw: object): object =>
  schema.isStructSchema()
    ? (new JsonShapeDeserializer2(settings).readObject(schema, raw as never) as object)
    : {};

/** AWS JSON: an object in the body, and the operation in a header. The version is the request's own. */
export const awsJson = (contentType: string): Protocol => ({
  read: ({ request: { body }, operation }) => {
    const raw = parseJson(body);
    checkTypes(operation.input, raw, "");
    return readJson(operation.input, raw);
  },
  write: (operation, output, _model, requestId) => ({
    status: 200,
    headers: { "content-type": contentType, "x-amzn-requestid": requestId },
    body: writeJson(operation.output, output),
  }),
  writeError: (error, model, requestId) => ({
    status: error.status,
    headers: {
      "content-type": contentType,
      "x-amzn-requestid": requestId,
      ...queryCompatible(error, model),
    },
    body: JSON.stringify(errorBody(error, model)),
  }),
});

export function parseJson(body: Buffer): object {
  if (body.length === 0) return {};
  try {
    const parsed: unknown = JSON.parse(body.toString("utf8"));
    if (typeof parsed === "object" && parsed !== null && !Array.isArray(parsed)) return parsed;
  } catch {
    // Not JSON: as AWS answers it.
  }
  throw new ServiceError("SerializationException", "The request body is not a JSON object.");
}

export function writeJson(schema: NormalizedSchema, output: object): string | Uint8Array {
  const serializer = new JsonShapeSerializer2(settings);
  serializer.write(schema, output);
  const written = serializer.flush() as unknown;
  return written instanceof Uint8Array ? written : "{}";
}

/** The body of an error: its message has the name that the model gives to it. */
export function errorBody(
  { code, message, details }: WireError,
  model: ApiModel | undefined,
): Record<string, unknown> {
  const schema = model?.error(code);
  const members = schema?.getMemberSchemas() ?? {};
  const member = Object.keys(members).find((name) => name.toLowerCase() === "message") ?? "message";
  return { __type: schema?.getName() ?? code, [member]: message, ...details };
}

/** CloudWatch's errors keep the codes that they have in the query protocol. */
export function queryCompatible(
  { code, status }: WireError,
  model: ApiModel | undefined,
): Readonly<Record<string, string>> {
  const schema = model?.error(code);
  const query = schema && queryErrorOf(schema)?.[0];
  return query === undefined
    ? {}
    : { "x-amzn-query-error": `${query};${status < 500 ? "Sender" : "Receiver"}` };
}
