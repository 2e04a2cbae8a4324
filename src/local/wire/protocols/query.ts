import { XmlShapeSerializer } from "@aws-sdk/core/protocols";
import { queryErrorOf, type ApiModel, type ApiOperation } from "../api-model.js";
import type { Protocol, WireAnswer, WireError } from "./protocol.js";
import { readQuery, type QueryDialect } from "./read-query.js";

const DATE_TIME = 5;

/** AWS Query: parameters in a form, and XML as the answer. */
export const awsQuery: Protocol = {
  read: ({ operation, parameters }) => read(operation, parameters, "query"),
  write: (operation, output, { xmlNamespace }, requestId) => {
    const result = operation.output.isStructSchema()
      ? `<${operation.name}Result>${members(operation, output)}</${operation.name}Result>`
      : "";
    const metadata = `<ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata>`;
    return xml(
      200,
      `<${operation.name}Response xmlns="${xmlNamespace}">${result}${metadata}</${operation.name}Response>`,
      requestId,
    );
  },
  writeError: (error, model, requestId) => {
    const { code, status } = queryError(error, model);
    const type = status < 500 ? "Sender" : "Receiver";
    const namespace = model === undefined ? "" : ` xmlns="${model.xmlNamespace}"`;
    return xml(
      status,
      `<ErrorResponse${namespace}><Error><Type>${type}</Type>${codeAndMessage(code, error.message)}</Error>` +
        `<RequestId>${requestId}</RequestId></ErrorResponse>`,
      requestId,
    );
  },
};

/** EC2's form of the query protocol. */
export const ec2Query: Protocol = {
  read: ({ operation, parameters }) => read(operation, parameters, "ec2"),
  write: (operation, output, { xmlNamespace }, requestId) =>
    xml(
      200,
      `<?xml version="1.0" encoding="UTF-8"?>\n` +
        `<${operation.name}Response xmlns="${xmlNamespace}"><requestId>${requestId}</requestId>` +
        `${members(operation, output)}</${operation.name}Response>`,
      requestId,
    ),
  writeError: (error, model, requestId) => {
    const { code, status } = queryError(error, model);
    return xml(
      status,
      `<?xml version="1.0" encoding="UTF-8"?>\n<Response><Errors><Error>` +
        `${codeAndMessage(code, error.message)}</Error></Errors><RequestID>${requestId}</RequestID></Response>`,
      requestId,
    );
  },
};

const read = (
  { input }: ApiOperation,
  parameters: URLSearchParams | undefined,
  dialect: QueryDialect,
): object => readQuery(input, parameters ?? new URLSearchParams(), dialect);

const xml = (status: number, body: string, requestId: string): WireAnswer => ({
  status,
  headers: { "content-type": "text/xml;charset=UTF-8", "x-amzn-requestid": requestId },
  body,
});

const codeAndMessage = (code: string, message: string): string =>
  `<Code>${escape(code)}</Code><Message>${escape(message)}</Message>`;

/** XML has no control characters, not even escaped ones. */
const escape = (text: string): string =>
  text
    .replaceAll(/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, "?")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;");

/** The members of an output; EC2's operations without one answer `<return>true</return>`. */
export function members({ output: schema }: ApiOperation, output: object): string {
  if (!schema.isStructSchema()) return "<return>true</return>";
  const names = Object.keys(schema.getMemberSchemas());
  const complete = names.includes("Return") && !("Return" in output) ? { ...output, Return: true } : output;
  const serializer = new XmlShapeSerializer({
    xmlNamespace: "",
    timestampFormat: { useTrait: true, default: DATE_TIME },
    httpBindings: false,
    serviceNamespace: "",
  });
  serializer.write(schema, complete);
  const written = String(serializer.flush());
  const start = written.indexOf(">");
  return written.charAt(start - 1) === "/" ? "" : written.slice(start + 1, written.lastIndexOf("</"));
}

/** The code and the status of an error in the query protocols. */
function queryError({ code, status }: WireError, model: ApiModel | undefined) {
  const schema = model?.error(code);
  const query = schema && queryErrorOf(schema);
  const http = (schema?.getMergedTraits() as { readonly httpError?: number } | undefined)?.httpError;
  return { code: query?.[0] ?? code, status: status !== 400 ? status : (query?.[1] ?? http ?? status) };
}
