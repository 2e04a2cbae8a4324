import { cbor, CborCodec } from "@smithy/core/cbor";
import { ServiceError } from "../../core/service-error.js";
import { errorBody, parseJson, queryCompatible, readJson, writeJson } from "./json.js";
import type { Protocol } from "./protocol.js";

const codec = new CborCodec();

/** Smithy RPC v2 with CBOR: the operation is in the path. */
export const rpcV2Cbor: Protocol = {
  read: ({ request: { body }, operation }) => {
    if (!operation.input.isStructSchema() || body.length === 0) return {};
    try {
      return codec.createDeserializer().read(operation.input, body) as object;
    } catch (cause) {
      throw Object.assign(new ServiceError("SerializationException", "The request body is not CBOR."), {
        cause,
      });
    }
  },
  write: (operation, output, _model, requestId) => {
    const serializer = codec.createSerializer();
    serializer.write(operation.output.isStructSchema() ? operation.output : 15, output);
    return { status: 200, headers: headers("cbor", requestId), body: serializer.flush() as Uint8Array };
  },
  writeError: (error, model, requestId) => {
    const body = errorBody(error, model);
    const type = model === undefined ? body["__type"] : `${model.namespace}#${String(body["__type"])}`;
    return {
      status: error.status,
      headers: { ...headers("cbor", requestId), ...queryCompatible(error, model) },
      body: cbor.serialize({ ...body, __type: type }) as Uint8Array,
    };
  },
};

/** Smithy RPC v2 with JSON. */
export const rpcV2Json: Protocol = {
  read: ({ request: { body }, operation }) => readJson(operation.input, parseJson(body)),
  write: (operation, output, _model, requestId) => ({
    status: 200,
    headers: headers("json", requestId),
    body: writeJson(operation.output, output),
  }),
  writeError: (error, model, requestId) => ({
    status: error.status,
    headers: { ...headers("json", requestId), ...queryCompatible(error, model) },
    body: JSON.stringify(errorBody(error, model)),
  }),
};

const headers = (format: "cbor" | "json", requestId: string) => ({
  "content-type": `application/${format}`,
  "smithy-protocol": `rpc-v2-${format}`,
  "x-amzn-requestid": requestId,
});
