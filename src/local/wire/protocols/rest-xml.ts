import { XmlShapeDeserializer } from "@aws-sdk/core/protocols";
import { checkTypes } from "../check-types.js";
import { ServiceError } from "../../core/service-error.js";
import type { Protocol } from "./protocol.js";
import { awsQuery, members } from "./query.js";
import { boundMembers } from "./rest-json.js";

const DATE_TIME = 5;

/** REST-XML, as Route 53 speaks it: the method and the path say the operation, and the body is a document of XML. */
export const restXml: Protocol = {
  read: (from) => {
    const { operation, request } = from;
    if (!operation.input.isStructSchema()) return {};
    const bound = boundMembers(from);
    checkTypes(operation.input, bound, "");
    if (request.body.length === 0) return bound;
    const reader = new XmlShapeDeserializer({
      xmlNamespace: "",
      timestampFormat: { useTrait: true, default: DATE_TIME },
      httpBindings: false,
      serviceNamespace: "",
    });
    try {
      // A root without content is an empty text.
      const body: unknown = reader.read(operation.input, request.body);
      return { ...(typeof body === "object" ? body : {}), ...bound };
    } catch {
      throw new ServiceError("InvalidInput", "Invalid XML ; The request body is not well-formed.");
    }
  },
  write: (operation, output, { xmlNamespace }, requestId) => {
    const headers: Record<string, string> = {
      "content-type": "text/xml",
      "x-amzn-requestid": requestId,
    };
    const body: Record<string, unknown> = { ...output };
    for (const [name, member] of operation.output.structIterator()) {
      const { httpHeader } = member.getMergedTraits() as { readonly httpHeader?: string };
      if (httpHeader === undefined) continue;
      if (body[name] !== undefined) headers[httpHeader.toLowerCase()] = String(body[name]);
      delete body[name];
    }
    return {
      status: operation.http?.[2] ?? 200,
      headers,
      body:
        `<?xml version="1.0" encoding="UTF-8"?>\n` +
        `<${operation.name}Response xmlns="${xmlNamespace}">${members(operation, body)}</${operation.name}Response>`,
    };
  },
  writeError: awsQuery.writeError,
};
