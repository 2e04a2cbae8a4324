import { ServiceError } from "../core/service-error.js";
import type { Route } from "./route.js";
import type { WireService } from "./wire-services.js";

/** The answer to an operation that the local cloud does not have, with the code that the protocol uses on AWS. */
export function unknownOperation(
  { protocol, service: routed, parameters }: Route,
  operation: string,
  service: WireService | undefined = routed,
): ServiceError {
  const of = service === undefined ? "" : ` of ${service.signingName}`;
  const message = `The local cloud does not have the operation ${operation}${of}.`;
  switch (protocol) {
    case "ec2":
      return new ServiceError(
        "InvalidAction",
        `The action ${operation} is not valid for this web service. ${message}`,
      );
    case "query": {
      const version = parameters?.get("Version") ?? service?.version ?? "";
      return new ServiceError(
        "InvalidAction",
        `Could not find operation ${operation} for version ${version}. ${message}`,
      );
    }
    default:
      return new ServiceError("UnknownOperationException", message);
  }
}

export function unknownService({ protocol, scope: { signingName }, operation }: Route): ServiceError {
  const message = `The local cloud does not have the service ${signingName ?? "of this request"}${operation === undefined ? "" : `, nor its operation ${operation}`}.`;
  const isQuery = protocol === "query" || protocol === "ec2";
  return new ServiceError(
    isQuery ? "InvalidAction" : "UnknownOperationException",
    message,
    isQuery ? 400 : 404,
  );
}
