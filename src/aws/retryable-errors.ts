import type { ServiceName } from "./api.js";
import { hasErrorCode, messageIncludes } from "./error-code.js";

/** An error that passes by itself. */
export interface RetryableError {
  readonly service: ServiceName | "any";
  /** Methods of the API; empty: all of the service. */
  readonly operations: readonly string[];
  readonly code: string;
  /** Part of AWS's message, where the code alone means several things. */
  readonly message?: string;
  /** True if it passes only for a role that was just created or changed; otherwise it is a mistake. */
  readonly onlyNewRoles?: true;
  /** Seconds for which the call is retried, from the first error on. */
  readonly seconds: number;
  /** The reason for the wait, for messages. */
  readonly why: string;
}

const MINUTE = 60;
const IAM_PROPAGATION = 2 * MINUTE;
const SERVICE_LINKED_ROLE = 4 * MINUTE;

const IAM_PROPAGATING = "the new role or profile has not propagated yet (IAM is eventually consistent)";
const GROUP_PROPAGATING = "the new security group has not propagated yet (EC2 is eventually consistent)";
const ROLE_CREATION = "AWS is creating the service-linked role of this account";
const CLUSTER_BUSY = "the cluster is busy with an earlier change";

/**
 * Errors that AWS returns for a while although nothing is wrong. Sources: the retry code of mature tools
 * (Terraform's provider, kops) and AWS's guides on eventual consistency; the times are theirs.
 */
// prettier-ignore
const RETRYABLE_ERRORS: readonly RetryableError[] = Object.freeze([
  // IAM: eventually consistent with itself.
  retryable("iam", ["createRole", "updateAssumeRolePolicy", "putRolePolicy"], "MalformedPolicyDocument",
    IAM_PROPAGATION, IAM_PROPAGATING, "Invalid principal"),
  retryable("iam", ["addRoleToInstanceProfile"], "NoSuchEntity", IAM_PROPAGATION, IAM_PROPAGATING),
  retryable("iam", ["addRoleToInstanceProfile"], "InvalidParameterValue",
    IAM_PROPAGATION, IAM_PROPAGATING, "Invalid IAM Instance Profile"),
  retryable("iam", ["attachRolePolicy", "putRolePolicy", "tagRole"], "NoSuchEntity",
    30, IAM_PROPAGATING, "role with name"),
  retryable("iam", ["deleteRole", "deleteInstanceProfile"], "DeleteConflict",
    IAM_PROPAGATION, "the detached policies or roles have not propagated yet (IAM is eventually consistent)"),
  retryable("iam", [], "ConcurrentModification",
    IAM_PROPAGATION, "another change of the role or profile is still in progress"),
  retryable("iam", [], "EntityTemporarilyUnmodifiable",
    IAM_PROPAGATION, "an earlier deletion of the role or profile is still in progress"),

  // The check that the caller may pass a role does not see a new one for seconds, and denies it
  // (terraform-aws-modules/terraform-aws-ecs#414); the others by analogy.
  ...([["ecs", ["registerTaskDefinition", "runTask", "createService", "updateService", "createCapacityProvider", "updateCapacityProvider"]],
    ["scheduler", ["createSchedule", "updateSchedule"]],
    ["autoScaling", ["createAutoScalingGroup", "updateAutoScalingGroup", "startInstanceRefresh"]]] as const).map(([service, operations]) =>
      ofNewRoles(retryable(service, operations, "AccessDeniedException", MINUTE, IAM_PROPAGATING, "iam:PassRole"))),
  // The service scheduler tries again by itself after this answer (pulumi/pulumi-awsx#927); RunTask returns it.
  ofNewRoles(retryable("ecs", ["runTask", "createCapacityProvider", "updateCapacityProvider"], "ClientException",
    IAM_PROPAGATION, IAM_PROPAGATING, "unable to assume the role")),

  // EC2: a group, rule or template that was just created.
  retryable("ec2", ["authorizeSecurityGroupIngress", "createTags"], "InvalidGroup.NotFound",
    2 * MINUTE, GROUP_PROPAGATING),
  retryable("ec2", ["createTags"], "InvalidSecurityGroupRuleId.NotFound", 2 * MINUTE, GROUP_PROPAGATING),
  retryable("ec2", ["createLaunchTemplateVersion"], "InvalidLaunchTemplateId.NotFound",
    MINUTE, "the new launch template has not propagated yet (EC2 is eventually consistent)"),
  // EC2: a network that was just created. Terraform's provider and kops retry the same codes.
  ...([["InvalidVpcID.NotFound", ["modifyVpcAttribute", "createSubnet", "createRouteTable", "createSecurityGroup", "attachInternetGateway", "createVpcEndpoint"]],
    ["InvalidSubnetID.NotFound", ["associateRouteTable", "createNatGateway", "createVpcEndpoint", "modifyVpcEndpoint"]],
    ["InvalidInternetGatewayID.NotFound", ["attachInternetGateway", "createRoute", "replaceRoute"]],
    ["InvalidRouteTableID.NotFound", ["associateRouteTable", "createRoute", "replaceRoute", "createVpcEndpoint", "modifyVpcEndpoint"]],
    ["InvalidNatGatewayID.NotFound", ["createRoute", "replaceRoute"]],
    ["InvalidGroup.NotFound", ["createVpcEndpoint", "modifyVpcEndpoint"]]] as const).map(([code, operations]) =>
      retryable("ec2", operations, code, MINUTE, "the new network has not propagated yet (EC2 is eventually consistent)")),
  // EC2 says this of an address that a deleted NAT gateway still has (eformat/sno-for-100#9).
  retryable("ec2", ["releaseAddress"], "AuthFailure",
    5 * MINUTE, "the NAT gateway that was deleted still has the address", "do not have permission to access the specified resource"),
  retryable("ec2", ["releaseAddress"], "InvalidIPAddress.InUse", 5 * MINUTE, "the NAT gateway that was deleted still has the address"),
  retryable("ec2", ["detachInternetGateway"], "DependencyViolation",
    15 * MINUTE, "network interfaces in the VPC still have public addresses", "mapped public address"),
  retryable("ec2", ["modifyVpcEndpoint"], "IncorrectState", 10 * MINUTE, "the VPC endpoint is busy with an earlier change"),
  // DependencyViolation of deleteSecurityGroup is handled by the security group itself, which reports what
  // still depends on it.

  // Auto Scaling
  // Terraform and the console meet it, too: what a refresh changes cannot be changed meanwhile.
  retryable("autoScaling", ["updateAutoScalingGroup"], "ValidationError",
    6 * 60 * MINUTE, "an instance refresh of the group is under way", "An active instance refresh"),
  retryable("autoScaling", ["createAutoScalingGroup", "updateAutoScalingGroup"], "ValidationError",
    IAM_PROPAGATION, "the new instance profile has not propagated yet (IAM is eventually consistent)", "Invalid IAM Instance Profile"),
  retryable("autoScaling", ["createAutoScalingGroup", "updateAutoScalingGroup"], "ValidationError",
    IAM_PROPAGATION, "the role of the new instance profile has not propagated yet (IAM is eventually consistent)", "has no associated IAM Roles"),
  retryable("autoScaling", ["createAutoScalingGroup", "updateAutoScalingGroup"], "ValidationError",
    2 * MINUTE, GROUP_PROPAGATING, "The security group"),
  retryable("autoScaling", [], "ServiceLinkedRoleFailure", 2 * MINUTE, ROLE_CREATION),
  retryable("autoScaling", [], "ResourceContention",
    5 * MINUTE, "the Auto Scaling group is busy with an earlier change"),
  retryable("autoScaling", [], "ScalingActivityInProgress",
    10 * MINUTE, "the Auto Scaling group is launching or terminating instances"),
  retryable("autoScaling", ["deleteAutoScalingGroup"], "ResourceInUse",
    10 * MINUTE, "the Auto Scaling group is still in use"),

  // ECS
  retryable("ecs", ["createCluster", "createService", "updateService"], "InvalidParameterException",
    SERVICE_LINKED_ROLE, ROLE_CREATION, "Unable to assume the service linked role"),
  retryable("ecs", ["createService", "updateService"], "InvalidParameterException",
    SERVICE_LINKED_ROLE, IAM_PROPAGATING, "verify that the ECS service role being passed has the proper permissions"),
  retryable("ecs", ["createService", "updateService"], "InvalidParameterException",
    SERVICE_LINKED_ROLE, "the listener of the target group is not visible to ECS yet", "does not have an associated load balancer"),
  retryable("ecs", ["createService"], "InvalidParameterException",
    20 * MINUTE, "the earlier service of this name is still draining", "still Draining"),
  retryable("ecs", ["createService", "updateService", "runTask", "createCapacityProvider", "updateCapacityProvider"], "InvalidParameterException",
    2 * MINUTE, GROUP_PROPAGATING, "Error retrieving security group information"),
  retryable("ecs", ["createService", "updateService"], "InvalidParameterException",
    3 * MINUTE, "ECS still deletes the name of an earlier service in Service Connect", "SC service is already used"),
  // A Cloud Map service that was just created (the message: hashicorp/terraform-provider-aws#17386).
  retryable("ecs", ["createService", "updateService"], "ClientException",
    MINUTE, "the new Cloud Map service is not visible to ECS yet", "service registry could not be validated"),
  retryable("serviceDiscovery", ["updateService", "deregisterInstance"], "DuplicateRequest",
    MINUTE, "an earlier change of the Cloud Map service is still in progress"),
  retryable("ecs", ["createService", "updateService"], "NamespaceNotFoundException",
    MINUTE, "the new namespace is not visible to ECS yet"),
  retryable("ecs", ["createService", "createCapacityProvider"], "ClusterNotFoundException",
    2 * MINUTE, "the new cluster has not propagated yet (ECS is eventually consistent)"),
  retryable("ecs", ["registerTaskDefinition"], "ClientException", MINUTE, IAM_PROPAGATING, "Role is not valid"),
  retryable("ecs", ["deleteService"], "InvalidParameterException",
    20 * MINUTE, "a deployment of the service is still active", "while deployments are active"),
  retryable("ecs", ["deleteService"], "InvalidParameterException",
    20 * MINUTE, "another resource still depends on the service", "has a dependent object"),
  retryable("ecs", ["putClusterCapacityProviders", "deleteCluster"], "UpdateInProgressException",
    10 * MINUTE, CLUSTER_BUSY),
  retryable("ecs", ["putClusterCapacityProviders"], "ResourceInUseException",
    10 * MINUTE, "tasks still use the capacity provider"),
  retryable("ecs", ["putClusterCapacityProviders"], "ClientException",
    10 * MINUTE, CLUSTER_BUSY, "was not ACTIVE"),
  retryable("ecs", ["deleteCluster"], "ClusterContainsContainerInstancesException",
    10 * MINUTE, "container instances are still registered"),
  retryable("ecs", ["deleteCluster"], "ClusterContainsServicesException",
    10 * MINUTE, "services of the cluster are still draining"),
  retryable("ecs", ["deleteCluster"], "ClusterContainsTasksException",
    10 * MINUTE, "tasks of the cluster are still stopping"),
  retryable("ecs", ["deleteCluster"], "ClusterContainsCapacityProviderException",
    10 * MINUTE, "a capacity provider is still being removed from the cluster"),

  retryable("ecs", ["runTask"], "InvalidParameterException",
    5 * MINUTE, "no instance has registered with the cluster yet", "No Container Instances were found"),
  retryable("ecs", ["runTask"], "InvalidParameterException",
    SERVICE_LINKED_ROLE, ROLE_CREATION, "Unable to assume the service linked role"),
  retryable("ecs", ["runTask"], "InvalidParameterException", 2 * MINUTE, GROUP_PROPAGATING, "InvalidGroup.NotFound"),
  retryable("ecs", ["executeCommand"], "TargetNotConnectedException",
    MINUTE, "the agent in the container has not connected yet"),

  // EventBridge Scheduler
  retryable("scheduler", ["createSchedule", "updateSchedule"], "ValidationException",
    IAM_PROPAGATION, IAM_PROPAGATING, "must allow AWS EventBridge Scheduler to assume the role"),
  retryable("scheduler", ["updateSchedule", "deleteSchedule", "deleteScheduleGroup"], "ConflictException",
    2 * MINUTE, "an earlier change of the schedule is still in progress"),
  retryable("ecs", ["createCapacityProvider", "updateCapacityProvider", "deleteCapacityProvider"], "UpdateInProgressException",
    10 * MINUTE, "the capacity provider is busy with an earlier change"),
  retryable("ecs", ["createCapacityProvider", "updateCapacityProvider"], "ClientException",
    2 * MINUTE, "the scale-in protection of new instances is not visible to ECS yet", "instance protection from scale in"),
  retryable("ecs", ["createService", "updateService"], "InvalidParameterException",
    2 * MINUTE, "the new capacity provider is not visible to ECS yet", "not associated with the cluster"),

  // Application Auto Scaling and CloudWatch
  retryable("applicationAutoScaling", ["registerScalableTarget"], "ValidationException",
    2 * MINUTE, "the new service is not visible to Application Auto Scaling yet", "ECS service doesn't exist"),
  retryable("applicationAutoScaling", ["registerScalableTarget"], "ValidationException",
    2 * MINUTE, ROLE_CREATION, "Unable to assume IAM role"),
  retryable("applicationAutoScaling", ["putScalingPolicy", "putScheduledAction"], "ObjectNotFoundException",
    2 * MINUTE, "the new scalable target has not propagated yet (Application Auto Scaling is eventually consistent)", "No scalable target registered"),
  retryable("applicationAutoScaling", ["putScalingPolicy"], "ValidationException",
    2 * MINUTE, "the new target group has not propagated yet (ELB is eventually consistent)", "resource label"),
  retryable("applicationAutoScaling", [], "FailedResourceAccessException",
    2 * MINUTE, "Application Auto Scaling could not call another AWS service"),
  retryable("applicationAutoScaling", [], "ConcurrentUpdateException",
    2 * MINUTE, "the scalable target is busy with another change"),
  retryable("cloudWatch", [], "ConcurrentModificationException",
    2 * MINUTE, "the alarm is busy with another change"),

  // ELB
  retryable("elb", ["createLoadBalancer", "setSecurityGroups"], "InvalidSecurityGroup", 2 * MINUTE, GROUP_PROPAGATING),
  retryable("elb", ["addTags", "describeTags"], "LoadBalancerNotFound",
    30, "the new load balancer has not propagated yet (ELB is eventually consistent)"),
  retryable("elb", ["deleteTargetGroup"], "ResourceInUse",
    2 * MINUTE, "the deleted listener or rule has not propagated yet (ELB is eventually consistent)"),

  // WAF: a load balancer that has just become active. Terraform retries it, too.
  retryable("waf", [], "WAFUnavailableEntityException",
    5 * MINUTE, "the new load balancer is not visible to AWS WAF yet"),

  // CloudWatch Logs
  retryable("logs", ["createLogGroup", "putRetentionPolicy", "deleteRetentionPolicy", "deleteLogGroup", "tagResource"], "OperationAbortedException",
    2 * MINUTE, "the log group is busy with another change"),

  // Errors that outlast the SDK's own ten attempts.
  ...["Throttling", "ThrottlingException", "RequestLimitExceeded", "EC2ThrottledException", "ThrottledException", "TooManyRequestsException",
    "RequestThrottled", "SlowDown", "PriorRequestNotComplete"].map((code) =>
      retryable("any", [], code, 5 * MINUTE, "AWS is throttling requests from this account")),
  ...["InternalFailure", "InternalServerError", "InternalError", "ServiceFailure", "ServiceUnavailable", "ServiceUnavailableException",
    "ServerException"].map((code) =>
      retryable("any", [], code, 2 * MINUTE, "the AWS service reports an internal error")),
  retryable("any", [], "GatewayResponse", 2 * MINUTE, "a gateway or a proxy answers in place of the AWS service"),
]);

/**
 * The entry for an error that passes by itself; `undefined` for any other error.
 *
 * @param namesNewRole - returns true if AWS's message is about a role that was just created or changed
 */
export function retryableError(
  service: ServiceName,
  operation: string,
  error: unknown,
  namesNewRole: (message: string) => boolean,
): RetryableError | undefined {
  return RETRYABLE_ERRORS.find(
    (entry) =>
      (entry.service === service || entry.service === "any") &&
      (entry.operations.length === 0 || entry.operations.includes(operation)) &&
      hasErrorCode(error, entry.code) &&
      (entry.message === undefined || messageIncludes(error, entry.message)) &&
      (entry.onlyNewRoles === undefined || namesNewRole((error as Error).message)),
  );
}

function ofNewRoles(entry: RetryableError): RetryableError {
  return Object.freeze({ ...entry, onlyNewRoles: true });
}

function retryable(
  service: RetryableError["service"],
  operations: readonly string[],
  code: string,
  seconds: number,
  why: string,
  message?: string,
): RetryableError {
  return Object.freeze({
    service,
    operations,
    code,
    seconds,
    why,
    ...(message === undefined ? {} : { message }),
  });
}
