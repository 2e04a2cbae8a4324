import { randomUUID } from "node:crypto";
import { ServiceError } from "../core/service-error.js";
import { loadModel, type ApiModel, type ApiOperation } from "./api-model.js";
import { validate } from "./validation/validate.js";
import type { ServiceName } from "../../aws/api.js";
import type { Endpoint } from "./endpoint.js";
import { rpcV2Cbor, rpcV2Json } from "./protocols/cbor.js";
import { awsJson } from "./protocols/json.js";
import type { Protocol, WireAnswer, WireError } from "./protocols/protocol.js";
import { awsQuery, ec2Query } from "./protocols/query.js";
import { restJson } from "./protocols/rest-json.js";
import { restXml } from "./protocols/rest-xml.js";
import { matchRest, route, type Route } from "./route.js";
import { unknownOperation, unknownService } from "./unknown-operation.js";
import type { WireRequest } from "./wire-request.js";
import type { WireService } from "./wire-services.js";

/** The accounts and regions that requests reach. */
export interface Network {
  /** Finds the region of an account that a request is for. */
  readonly find: (accountId: string | undefined, region: string | undefined) => Endpoint;
  readonly send: (
    endpoint: Endpoint,
    service: ServiceName,
    method: string,
    input: object,
    accessKeyId: string | undefined,
  ) => Promise<object>;
}

/** The answer was lost on purpose, by a fault: the connection breaks. */
export class ConnectionLost extends Error {}

/** Answers one request to AWS. */
export async function answer(request: WireRequest, network: Network): Promise<WireAnswer> {
  const requestId = randomUUID();
  const found = route(request);
  const protocol = protocolOf(found, request);
  let model: ApiModel | undefined;
  try {
    if (found.service === undefined) throw unknownService(found);
    model = await loadModel(found.service);
    const { operation, labels } = operationOf(found, found.service, model, request);
    const endpoint = network.find(accountOf(found), regionOf(found));
    const { service } = found.service;
    if (!endpoint.has(service, operation.method)) throw unknownOperation(found, operation.name);
    const input = protocol.read({ request, operation, labels, parameters: found.parameters });
    validate(found.service, model, operation, input);
    const output = await network.send(endpoint, service, operation.method, input, found.scope.accessKeyId);
    return protocol.write(operation, output, model, requestId);
  } catch (error) {
    return protocol.writeError(wireError(error), model, requestId);
  }
}

function operationOf(
  found: Route,
  service: WireService,
  { operations }: ApiModel,
  request: WireRequest,
): { readonly operation: ApiOperation; readonly labels: Readonly<Record<string, string>> } {
  const matched =
    found.operation === undefined
      ? matchRest(operations.values(), request)
      : { operation: operations.get(found.operation), labels: {} };
  if (matched?.operation === undefined)
    throw unknownOperation(found, found.operation ?? `${request.method} ${request.path}`, service);
  return { operation: matched.operation, labels: matched.labels };
}

function protocolOf({ protocol }: Route, { headers }: WireRequest): Protocol {
  switch (protocol) {
    case "json":
      return awsJson(
        headers["content-type"]?.includes("json-1.0")
          ? "application/x-amz-json-1.0"
          : "application/x-amz-json-1.1",
      );
    case "cbor":
      return rpcV2Cbor;
    case "rpc-json":
      return rpcV2Json;
    case "query":
      return awsQuery;
    case "ec2":
      return ec2Query;
    case "rest-json":
      return restJson;
    case "rest-xml":
      return restXml;
  }
}

/** An access key id of twelve digits names the account, as other emulators have it; so does that of an assumed role or a user. */
const accountOf = ({ scope: { accessKeyId = "" } }: Route): string | undefined =>
  /^(?:A[SK]IA)?(\d{12})(?:$|[0-9A-F]{4}$)/.exec(accessKeyId)?.[1];

/** IAM and Route 53 are not in a region: their requests are signed for any. */
const regionOf = ({ scope, service }: Route): string | undefined =>
  service?.service === "iam" || service?.service === "route53" ? undefined : scope.region;

function wireError(error: unknown): WireError {
  if (error instanceof ServiceError) {
    const { name: code, message, $metadata, ...details } = error;
    const { $fault: _fault, ...members } = details;
    return { code, message, status: $metadata.httpStatusCode, details: members };
  }
  // A fault that loses the answer has the code of a broken connection.
  if (error instanceof Error && "code" in error && error.code === "ECONNRESET")
    throw new ConnectionLost(error.message, { cause: error });
  const message = error instanceof Error ? error.message : String(error);
  return { code: "InternalFailure", message, status: 500, details: {} };
}
