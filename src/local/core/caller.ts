import type { ServiceName } from "../../aws/api.js";
import { iamArn, type ArnScope } from "./arn.js";
import { ServiceError } from "./service-error.js";

/** The caller of every request to the local cloud. */
export const callerArn = (account: ArnScope): string => iamArn(account, "user/developer");

/** How a service writes its errors: EC2 in its own way, some in the query protocol, the others in JSON. */
type Protocol = "ec2" | "query" | "json";

const QUERY: ReadonlySet<ServiceName> = new Set(["iam", "autoScaling", "elb", "cloudWatch", "sts"]);

const protocolOf = (service: ServiceName): Protocol =>
  service === "ec2" ? "ec2" : QUERY.has(service) ? "query" : "json";

/** The answer to credentials whose session has ended. */
export function credentialsExpired(service: ServiceName): ServiceError {
  const message = "The security token included in the request is expired";
  switch (protocolOf(service)) {
    case "ec2":
      return new ServiceError("RequestExpired", "Request has expired.");
    case "query":
      return new ServiceError("ExpiredToken", message, 403);
    case "json":
      return new ServiceError("ExpiredTokenException", message);
  }
}

/**
 * The answer of a region that the account has not enabled; `undefined` for IAM, which is not in any region.
 * Source: "How do I resolve the error AWS was not able to validate the provided access credentials", re:Post.
 */
export function regionNotEnabled(service: ServiceName): ServiceError | undefined {
  if (service === "iam") return undefined;
  return keyNotKnown(service);
}

/** The answer to an access key that AWS does not know, or that is inactive. */
export function keyNotKnown(service: ServiceName): ServiceError {
  const message = "The security token included in the request is invalid";
  switch (protocolOf(service)) {
    case "ec2":
      return new ServiceError(
        "AuthFailure",
        "AWS was not able to validate the provided access credentials",
        401,
      );
    case "query":
      return new ServiceError("InvalidClientTokenId", message, 403);
    case "json":
      return new ServiceError("UnrecognizedClientException", `${message}.`);
  }
}

/**
 * The answer to a caller whose policies do not allow the operation.
 * Source: IAM User Guide, "Troubleshoot access denied error messages".
 */
export function accessDenied(
  service: ServiceName,
  action: string,
  caller: string,
  { resource = "*", isExplicit = false }: { readonly resource?: string; readonly isExplicit?: boolean } = {},
): ServiceError {
  const why = isExplicit
    ? "with an explicit deny in an identity-based policy"
    : `because no identity-based policy allows the ${action} action`;
  const message = `User: ${caller} is not authorized to perform: ${action} on resource: ${resource} ${why}`;
  if (service === "autoScaling" && action === "ec2:RunInstances") {
    // Auto Scaling does not say which action is missing.
    const template = resource.slice(resource.lastIndexOf("/") + 1);
    return new ServiceError(
      "AccessDenied",
      `You are not authorized to use launch template: ${template}`,
      403,
    );
  }
  switch (protocolOf(service)) {
    case "ec2":
      return new ServiceError(
        "UnauthorizedOperation",
        `You are not authorized to perform this operation. ${message}`,
        403,
      );
    case "query":
      return new ServiceError("AccessDenied", message, 403);
    case "json":
      return new ServiceError("AccessDeniedException", message);
  }
}
