import { AwsError, QuaysideError } from "../errors.js";
import type { ServiceName } from "./api.js";
import { errorCode, hasErrorCode, isUnsupportedOperation } from "./error-code.js";
import { iamAction, operationName } from "./operation-name.js";

/** What AWS (or the way to it) answered, as an error of ours. */
export function toAwsError(
  service: ServiceName,
  method: string,
  error: unknown,
  waited?: string,
): QuaysideError {
  if (error instanceof QuaysideError) return error;
  const operation = operationName(method);
  const code = errorCode(error) ?? "Unknown";
  const message = error instanceof Error && error.message !== "" ? error.message : code;
  return new AwsError(service, operation, code, `${operation} failed: ${message}${waited ?? ""}`, {
    cause: error,
    facts: { service, operation, code },
    fix: fixOf(service, method, error, message),
  });
}

/** Node's codes for a connection that could not be made, or broke. */
const NO_CONNECTION: ReadonlySet<unknown> = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ENOTFOUND",
  "ETIMEDOUT",
]);

function fixOf(service: ServiceName, method: string, error: unknown, message: string): string {
  if (
    hasErrorCode(error, "AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "NotAuthorized")
  ) {
    // AWS names the action that is missing when it is not the one that was called (iam:PassRole, mostly).
    const named = /not authorized to perform:? ([a-z-]+:[A-Za-z]+)/.exec(message)?.[1];
    return `Allow ${named ?? iamAction(service, method)} to the credentials that quayside runs with.`;
  }
  if (hasErrorCode(error, "ExpiredToken", "ExpiredTokenException", "RequestExpired")) {
    return "The credentials have expired: log in again, then run again; it continues from there.";
  }
  if (
    hasErrorCode(
      error,
      "InvalidClientTokenId",
      "UnrecognizedClientException",
      "SignatureDoesNotMatch",
      "AuthFailure",
    )
  ) {
    return "AWS does not accept these credentials: check the profile or the access key, and the computer's clock.";
  }
  if (hasErrorCode(error, "LimitExceeded", "VcpuLimitExceeded") || /^TooMany/.test(errorCode(error) ?? "")) {
    return "A quota of the account is used up: delete what is not needed, or raise it in Service Quotas.";
  }
  if (NO_CONNECTION.has((error as { readonly code?: unknown }).code)) {
    return "Check the network, the region and the endpoint (AWS_ENDPOINT_URL), then run again: it continues from there.";
  }
  if (isUnsupportedOperation(error)) return "The endpoint does not have this operation; AWS itself does.";
  return "Remove what AWS complains of, then run again: it continues from what was done.";
}
