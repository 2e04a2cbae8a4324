import { errorCode, hasErrorCode, messageIncludes } from "./error-code.js";

/** Codes that always mean that the resource does not exist. */
const NOT_FOUND_CODES = Object.freeze([
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
  "InvalidVpcID.NotFound",
  "InvalidSubnetID.NotFound",
  "InvalidInternetGatewayID.NotFound",
  "Gateway.NotAttached",
  "InvalidRouteTableID.NotFound",
  "InvalidAssociationID.NotFound",
  "InvalidRoute.NotFound",
  "InvalidAllocationID.NotFound",
  "NatGatewayNotFound",
  "InvalidVpcEndpointId.NotFound",
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
  // Route 53
  "NoSuchHostedZone",
  // Cloud Map
  "NamespaceNotFound",
  "InstanceNotFound",
  // WAF
  "WAFNonexistentItem",
]);

/** Codes that mean this only together with their message. */
const NOT_FOUND_MESSAGES = Object.freeze([
  { code: "ClientException", message: "Unable to describe task definition" },
  { code: "ClientException", message: "does not exist" },
  { code: "ClientException", message: "not found" },
  { code: "InvalidParameterException", message: "container instance not found" },
  { code: "ValidationError", message: "not found" },
]);

/** True if the error means that the resource does not exist (any more); for a delete, that is success. */
export function isNotFound(error: unknown): boolean {
  if (errorCode(error) === undefined) return false;
  if (hasErrorCode(error, ...NOT_FOUND_CODES)) return true;
  return NOT_FOUND_MESSAGES.some(
    ({ code, message }) => hasErrorCode(error, code) && messageIncludes(error, message),
  );
}

/** Awaits a delete or a read, and returns `undefined` if the resource does not exist. */
export async function ignoreNotFound<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}
