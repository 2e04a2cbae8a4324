import type { ServiceName } from "../../aws/api.js";
import { ServiceError } from "../core/service-error.js";
import type { Decision } from "./evaluate-policy.js";

export interface Denial {
  readonly service: ServiceName;
  readonly operation: string;
  readonly action: string;
  readonly resource: string;
  readonly decision: Decision;
  readonly user: string;
}

/** The services that answer AccessDenied, as the query protocol has it, instead of AccessDeniedException. */
const QUERY: ReadonlySet<ServiceName> = new Set(["elb", "autoScaling", "cloudWatch", "iam"]);

/**
 * The error of a call that the caller's policy does not allow, as its service answers it.
 * Source: IAM User Guide, "Troubleshoot access denied error messages".
 */
export function accessDenied({ service, action, resource, decision, user }: Denial): ServiceError {
  const why =
    decision === "explicitly-denied"
      ? "with an explicit deny in an identity-based policy"
      : `because no identity-based policy allows the ${action} action`;
  const message = `User: ${user} is not authorized to perform: ${action} on resource: ${resource} ${why}`;
  if (service === "ec2") {
    return new ServiceError(
      "UnauthorizedOperation",
      `You are not authorized to perform this operation. ${message}`,
      403,
    );
  }
  if (service === "autoScaling" && action === "ec2:RunInstances") {
    // Auto Scaling does not say which action is missing.
    return new ServiceError(
      "AccessDenied",
      "You are not authorized to use launch template: " + templateOf(resource),
      403,
    );
  }
  return QUERY.has(service)
    ? new ServiceError("AccessDenied", message, 403)
    : new ServiceError("AccessDeniedException", message, 400);
}

const templateOf = (resource: string): string => resource.slice(resource.lastIndexOf("/") + 1);
