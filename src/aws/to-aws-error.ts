import { AwsError, QuaysideError } from "../errors.js";
import type { ServiceName } from "./api.js";
import { accessDeniedFix, deniedAccess } from "./access-denied.js";
import { duringRun, runAgain, type Progress } from "./credentials-error.js";
import { errorCode, hasErrorCode, isUnsupportedOperation, NO_RESPONSE } from "./error-code.js";
import { operationName } from "./operation-name.js";
import { isOptInRegion } from "./partition.js";
import { fixOfUnexpected, UnexpectedResponse } from "./unexpected-response.js";

/** The run in which a call failed. */
interface FailedRun {
  readonly region: string;
  readonly progress: Progress;
}

/** An error of AWS, or of the connection to it, as a quayside error. */
export function toAwsError(
  service: ServiceName,
  method: string,
  error: unknown,
  run: FailedRun,
  waited?: string,
): Error {
  if (error instanceof QuaysideError) return duringRun(error, run.progress);
  if (isProgrammingError(error)) return error;
  const operation = operationName(method);
  const code = errorCode(error) ?? "Unknown";
  const message = error instanceof Error && error.message !== "" ? error.message : code;
  const text = `${operation} failed: ${message}${waited ?? ""}`;
  const denied = deniedAccess(service, method, error);
  if (denied !== undefined) {
    const { action, resource, caller } = denied;
    const facts = { service, operation, code, action, resource, caller };
    return new AwsError(service, operation, code, text, {
      cause: error,
      code: "access-denied",
      facts,
      fix: accessDeniedFix(denied),
    });
  }
  if (error instanceof UnexpectedResponse) {
    return new AwsError(service, operation, code, text, {
      cause: error,
      code: "unexpected-response",
      facts: { service, operation, code, ...error.facts },
      fix: fixOfUnexpected(error),
    });
  }
  return new AwsError(service, operation, code, text, {
    cause: error,
    ...(isOfNetwork(error) && { code: "network" }),
    facts: { service, operation, code },
    fix: fixOf(error, message, run),
  });
}

/**
 * True for an error in a program, of the user's functions (credentials, MFA) or of ours: AWS has nothing to do with
 * it. The SDK marks what came of a response with its metadata, and a broken connection has Node's code.
 */
const isProgrammingError = (error: unknown): error is Error =>
  error instanceof Error &&
  ["TypeError", "RangeError", "ReferenceError", "SyntaxError", "EvalError"].includes(error.name) &&
  !("$metadata" in error) &&
  !("$response" in error) &&
  !isOfNetwork(error);

/** True if no answer of AWS is the reason: it could not be reached, or who answered does not speak its protocol. */
function isOfNetwork(error: unknown): boolean {
  const { code } = (error ?? {}) as { readonly code?: unknown };
  return isUnreachable(error) || isProtocolError(code) || isCertificateError(code);
}

/** Node's codes for a connection that failed or broke. */
const NO_CONNECTION: ReadonlySet<unknown> = new Set([
  "EAI_AGAIN",
  "ECONNABORTED",
  "ECONNREFUSED",
  "ECONNRESET",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ENOTFOUND",
  "EPIPE",
  "ETIMEDOUT",
]);

/** OpenSSL's and Node's codes for a certificate that is not trusted: mostly that of a proxy that decrypts. */
const isCertificateError = (code: unknown): boolean =>
  /CERT|^UNABLE_TO_(?:GET|VERIFY)|^ERR_TLS_CERT/.test(String(code));

/** Node's codes for a peer that does not speak HTTP, or not TLS. */
const isProtocolError = (code: unknown): boolean => /^HPE_|^EPROTO$|^ERR_SSL/.test(String(code));

const isUnreachable = (error: unknown): boolean =>
  NO_CONNECTION.has((error as { readonly code?: unknown }).code) ||
  hasErrorCode(error, "TimeoutError", NO_RESPONSE);

/** True for the codes of exhausted quotas: `LimitExceededException`, `VcpuLimitExceeded`, `TooManyTargetGroups` … */
const isQuota = (code: string): boolean =>
  /(LimitExceeded|QuotaExceeded)(Exception|Fault)?$/.test(code)
    ? !/^Request/.test(code)
    : /^TooMany/.test(code) && !/^TooManyRequests/.test(code);

function fixOf(error: unknown, message: string, { region, progress }: FailedRun): string {
  const notAssumed = /unable to assume the role '([^']+)'/.exec(message)?.[1];
  if (notAssumed !== undefined)
    return `Check that ${notAssumed} exists, and that its trust policy allows ecs-tasks.amazonaws.com to assume it.`;
  if (hasErrorCode(error, "ExpiredToken", "ExpiredTokenException", "RequestExpired")) {
    return `Log in again: the credentials have expired. ${runAgain(progress)}`;
  }
  const isUnknownCaller = hasErrorCode(
    error,
    "InvalidClientTokenId",
    "UnrecognizedClientException",
    "AuthFailure",
  );
  if (isUnknownCaller && isOptInRegion(region)) {
    return `Enable the region ${region} for the account (AWS Account Management), or use another region: AWS does not accept these credentials there. If it is enabled, take session tokens from a regional endpoint of STS (AWS_STS_REGIONAL_ENDPOINTS=regional): those of the global endpoint are not valid in it. Otherwise check the profile or the access key.`;
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
    return "Check the profile or the access key, and the computer's clock: AWS does not accept these credentials.";
  }
  if (isQuota(errorCode(error) ?? "")) {
    return "Request a higher quota in Service Quotas, or delete unused resources: a quota of the account is exhausted.";
  }
  const { code } = error as { readonly code?: unknown };
  if (isCertificateError(code)) {
    return "Trust the certificate authority of the proxy (NODE_EXTRA_CA_CERTS), check the computer's clock, then run again. Completed steps are kept.";
  }
  if (isUnreachable(error) || isProtocolError(code)) {
    return "Check the network, the proxy (HTTPS_PROXY), the region and the endpoint (AWS_ENDPOINT_URL), then run again. Completed steps are kept.";
  }
  if (isUnsupportedOperation(error))
    return "Use AWS itself, or another endpoint: this one does not support the operation.";
  return "Fix the problem that AWS reports, then run again. Completed steps are kept.";
}
