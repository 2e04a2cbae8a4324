import type { NormalizedSchema } from "@smithy/core/schema";
import { checkTypes } from "../check-types.js";
import { errorBody, parseJson, readJson, writeJson } from "./json.js";
import type { Protocol, ReadFrom } from "./protocol.js";

/** REST-JSON: the method and the path say the operation; members are in the path, the query and the body. */
export const restJson: Protocol = {
  read: (from) => {
    const { operation, request } = from;
    if (!operation.input.isStructSchema()) return {};
    const raw = { ...parseJson(request.body), ...boundMembers(from) };
    checkTypes(operation.input, raw, "");
    return readJson(operation.input, raw);
  },
  write: (operation, output, _model, requestId) => ({
    status: operation.http?.[2] ?? 200,
    headers: { "content-type": "application/json", "x-amzn-requestid": requestId },
    body: operation.output.isStructSchema() ? writeJson(operation.output, output) : "{}",
  }),
  writeError: (error, model, requestId) => {
    const { __type: type, ...body } = errorBody(error, model);
    const schema = model?.error(error.code);
    const http = (schema?.getMergedTraits() as { readonly httpError?: number } | undefined)?.httpError;
    return {
      status: error.status !== 400 ? error.status : (http ?? error.status),
      headers: {
        "content-type": "application/json",
        "x-amzn-requestid": requestId,
        "x-amzn-errortype": String(type),
      },
      body: JSON.stringify(body),
    };
  },
};

/** The members in the path, the query string and the headers. */
export function boundMembers({ operation, request, labels }: ReadFrom): Record<string, unknown> {
  const bound: Record<string, unknown> = {};
  for (const [name, member] of operation.input.structIterator()) {
    const { httpLabel, httpQuery, httpHeader } = member.getMergedTraits() as {
      readonly httpLabel?: 1;
      readonly httpQuery?: string;
      readonly httpHeader?: string;
    };
    if (httpLabel !== undefined) bound[name] = labels[name];
    else if (httpHeader !== undefined)
      bound[name] = fromText(member, [request.headers[httpHeader.toLowerCase()]]);
    else if (httpQuery !== undefined) bound[name] = fromText(member, request.query.getAll(httpQuery));
  }
  return Object.fromEntries(Object.entries(bound).filter(([, value]) => value !== undefined));
}

function fromText(schema: NormalizedSchema, texts: readonly (string | undefined)[]): unknown {
  const [first] = texts;
  if (schema.isListSchema()) return texts.length === 0 ? undefined : texts;
  if (first === undefined) return undefined;
  if (schema.isNumericSchema()) return Number(first);
  if (schema.isBooleanSchema()) return first === "true";
  return first;
}
