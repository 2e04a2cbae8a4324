import type { Account } from "../../core/account.js";
import { membersRequired } from "../../core/required-members.js";
import { ServiceError } from "../../core/service-error.js";

export const validationError = (message: string): ServiceError =>
  new ServiceError("ValidationError", message);

/** The answer for a name; AWS names no ARN that it does not find. */
export const loadBalancerNotFound = (name: string): ServiceError =>
  new ServiceError("LoadBalancerNotFound", `Load balancers '[${name}]' not found`);

export const targetGroupNotFound = (): ServiceError =>
  new ServiceError("TargetGroupNotFound", "One or more target groups not found");

/** What has an ARN -> the type in it, and the code of its error. */
const RESOURCES = {
  "load balancer": ["loadbalancer", "LoadBalancerNotFound"],
  "target group": ["targetgroup", "TargetGroupNotFound"],
  listener: ["listener", "ListenerNotFound"],
  rule: ["listener-rule", "RuleNotFound"],
} as const;

/** The error for an ARN that is not there: one of another type, region or account is not valid. */
export function arnNotFound(
  { partition, region, accountId }: Pick<Account, "partition" | "region" | "accountId">,
  resource: keyof typeof RESOURCES,
  arn: string,
): ServiceError {
  const [type, code] = RESOURCES[resource];
  if (!arn.startsWith(`arn:${partition}:elasticloadbalancing:${region}:${accountId}:${type}/`))
    return validationError(`'${arn}' is not a valid ${resource} ARN`);
  return new ServiceError(code, `One or more ${resource}s not found`);
}

/** What was deleted already is deleted again without an error, unless its ARN is not valid. */
export function checkDeletedArn(...missing: Parameters<typeof arnNotFound>): void {
  const error = arnNotFound(...missing);
  if (error.name === "ValidationError") throw error;
}

export const requireElb = membersRequired(validationError);
