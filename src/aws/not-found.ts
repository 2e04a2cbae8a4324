import { errorCode, hasErrorCode, messageIncludes } from "./error-code.js";

/** Codes that mean, whatever was asked: there is no such thing. */
const GONE_CODES = Object.freeze([
  // ECS
  "ClusterNotFound",
  "ServiceNotFound",
  "ServiceNotActive",
  // ELB
  "LoadBalancerNotFound",
  "TargetGroupNotFound",
  "ListenerNotFound",
  "RuleNotFound",
  // EC2
  "InvalidGroup.NotFound",
  "InvalidGroupId.NotFound",
  "InvalidKeyPair.NotFound",
  "InvalidPermission.NotFound",
  "InvalidSecurityGroupRuleId.NotFound",
  "InvalidInstanceID.NotFound",
  "InvalidLaunchTemplateId.NotFound",
  "InvalidLaunchTemplateName.NotFound",
  // IAM, CloudWatch Logs, ECR, Application Auto Scaling, CloudWatch, SSM
  "NoSuchEntity",
  "ResourceNotFound",
  "RepositoryNotFound",
  "ObjectNotFound",
  "ParameterNotFound",
]);

/** Codes that mean it only together with their message. */
const GONE_MESSAGES = Object.freeze([
  { code: "ClientException", message: "Unable to describe task definition" },
  { code: "ClientException", message: "does not exist" },
  { code: "ClientException", message: "not found" },
  { code: "InvalidParameterException", message: "container instance not found" },
  { code: "ValidationError", message: "not found" },
]);

/** Whether the refusal says that the thing is not there (any more): for a delete, success. */
export function isNotFound(error: unknown): boolean {
  if (errorCode(error) === undefined) return false;
  if (hasErrorCode(error, ...GONE_CODES)) return true;
  return GONE_MESSAGES.some(
    ({ code, message }) => hasErrorCode(error, code) && messageIncludes(error, message),
  );
}

/** Runs a delete (or a read) for which "there is no such thing" is an answer like any other. */
export async function ignoreNotFound<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}
