import type { ServiceName } from "./api.js";
import { hasErrorCode, messageIncludes } from "./error-code.js";

/** A refusal that passes by itself. */
export interface RetryableError {
  readonly service: ServiceName | "any";
  /** Methods of the port; empty: all of the service. */
  readonly operations: readonly string[];
  readonly code: string;
  /** Part of AWS's message, where the code alone means several things. */
  readonly message?: string;
  /** How long it is waited out, from the first refusal. */
  readonly seconds: number;
  /** For people: what is being waited for. */
  readonly why: string;
}

const MINUTE = 60;
const IAM_PROPAGATION = 2 * MINUTE;
const SERVICE_LINKED_ROLE = 4 * MINUTE;

const IAM_LAG = "IAM has not spread the news of a new role or profile yet";
const GROUP_LAG = "EC2 has not spread the news of a new security group yet";
const ROLE_BIRTH = "AWS is creating the service-linked role of this account";
const CLUSTER_BUSY = "the cluster is busy with an earlier change";

/**
 * What AWS refuses for a while although nothing is wrong. Sources: the retry code of mature tools
 * (Terraform's provider, kops) and AWS's guides on eventual consistency; times are theirs.
 */
// prettier-ignore
const TRANSIENT_REFUSALS: readonly RetryableError[] = Object.freeze([
  // IAM: eventually consistent with itself.
  refusal("iam", ["createRole", "updateAssumeRolePolicy", "putRolePolicy"], "MalformedPolicyDocument",
    IAM_PROPAGATION, IAM_LAG, "Invalid principal"),
  refusal("iam", ["addRoleToInstanceProfile"], "NoSuchEntity", IAM_PROPAGATION, IAM_LAG),
  refusal("iam", ["addRoleToInstanceProfile"], "InvalidParameterValue",
    IAM_PROPAGATION, IAM_LAG, "Invalid IAM Instance Profile"),
  refusal("iam", ["attachRolePolicy", "putRolePolicy", "tagRole"], "NoSuchEntity",
    30, IAM_LAG, "role with name"),
  refusal("iam", ["deleteRole", "deleteInstanceProfile"], "DeleteConflict",
    IAM_PROPAGATION, "IAM still sees what was just taken off it"),
  refusal("iam", [], "ConcurrentModification",
    IAM_PROPAGATION, "IAM is still busy with another change of it"),
  refusal("iam", [], "EntityTemporarilyUnmodifiable",
    IAM_PROPAGATION, "IAM is still busy with an earlier deletion of it"),

  // EC2: a group, rule or template that was just made.
  refusal("ec2", ["authorizeSecurityGroupIngress", "createTags"], "InvalidGroup.NotFound",
    2 * MINUTE, GROUP_LAG),
  refusal("ec2", ["createTags"], "InvalidSecurityGroupRuleId.NotFound", 2 * MINUTE, GROUP_LAG),
  refusal("ec2", ["createLaunchTemplateVersion"], "InvalidLaunchTemplateId.NotFound",
    MINUTE, "EC2 has not spread the news of a new launch template yet"),
  // DependencyViolation at deleteSecurityGroup is the security group's own: it says what is in the way.

  // Auto Scaling
  refusal("autoScaling", ["createAutoScalingGroup", "updateAutoScalingGroup"], "ValidationError",
    IAM_PROPAGATION, "EC2 does not see the new instance profile yet", "Invalid IAM Instance Profile"),
  refusal("autoScaling", ["createAutoScalingGroup", "updateAutoScalingGroup"], "ValidationError",
    IAM_PROPAGATION, "EC2 does not see the role in the new instance profile yet", "has no associated IAM Roles"),
  refusal("autoScaling", ["createAutoScalingGroup", "updateAutoScalingGroup"], "ValidationError",
    2 * MINUTE, GROUP_LAG, "The security group"),
  refusal("autoScaling", [], "ServiceLinkedRoleFailure", 2 * MINUTE, ROLE_BIRTH),
  refusal("autoScaling", [], "ResourceContention",
    5 * MINUTE, "the Auto Scaling group is busy with an earlier change"),
  refusal("autoScaling", [], "ScalingActivityInProgress",
    10 * MINUTE, "the Auto Scaling group is starting or ending instances"),
  refusal("autoScaling", ["deleteAutoScalingGroup"], "ResourceInUse",
    10 * MINUTE, "the Auto Scaling group is still in use"),

  // ECS
  refusal("ecs", ["createCluster", "createService", "updateService"], "InvalidParameterException",
    SERVICE_LINKED_ROLE, ROLE_BIRTH, "Unable to assume the service linked role"),
  refusal("ecs", ["createService", "updateService"], "InvalidParameterException",
    SERVICE_LINKED_ROLE, IAM_LAG, "verify that the ECS service role being passed has the proper permissions"),
  refusal("ecs", ["createService", "updateService"], "InvalidParameterException",
    SERVICE_LINKED_ROLE, "ECS does not see yet that a listener refers to the target group", "does not have an associated load balancer"),
  refusal("ecs", ["createService"], "InvalidParameterException",
    20 * MINUTE, "the earlier service of this name is still draining", "still Draining"),
  refusal("ecs", ["createService", "updateService", "runTask"], "InvalidParameterException",
    2 * MINUTE, GROUP_LAG, "Error retrieving security group information"),
  refusal("ecs", ["createService"], "ClusterNotFoundException",
    2 * MINUTE, "ECS has not spread the news of a new cluster yet"),
  refusal("ecs", ["registerTaskDefinition"], "ClientException", MINUTE, IAM_LAG, "Role is not valid"),
  refusal("ecs", ["deleteService"], "InvalidParameterException",
    20 * MINUTE, "a deployment of the service is ending", "while deployments are active"),
  refusal("ecs", ["deleteService"], "InvalidParameterException",
    20 * MINUTE, "something still depends on the service", "has a dependent object"),
  refusal("ecs", ["putClusterCapacityProviders", "deleteCluster"], "UpdateInProgressException",
    10 * MINUTE, CLUSTER_BUSY),
  refusal("ecs", ["putClusterCapacityProviders"], "ResourceInUseException",
    10 * MINUTE, "tasks still use the capacity provider"),
  refusal("ecs", ["putClusterCapacityProviders"], "ClientException",
    10 * MINUTE, CLUSTER_BUSY, "was not ACTIVE"),
  refusal("ecs", ["deleteCluster"], "ClusterContainsContainerInstancesException",
    10 * MINUTE, "container instances are still registered"),
  refusal("ecs", ["deleteCluster"], "ClusterContainsServicesException",
    10 * MINUTE, "services of the cluster are still draining"),
  refusal("ecs", ["deleteCluster"], "ClusterContainsTasksException",
    10 * MINUTE, "tasks of the cluster are still stopping"),
  refusal("ecs", ["deleteCluster"], "ClusterContainsCapacityProviderException",
    10 * MINUTE, "a capacity provider is still being taken off the cluster"),

  refusal("ecs", ["runTask"], "InvalidParameterException",
    5 * MINUTE, "no instance has joined the cluster yet", "No Container Instances were found"),
  refusal("ecs", ["runTask"], "InvalidParameterException",
    SERVICE_LINKED_ROLE, ROLE_BIRTH, "Unable to assume the service linked role"),
  refusal("ecs", ["runTask"], "InvalidParameterException", 2 * MINUTE, GROUP_LAG, "InvalidGroup.NotFound"),
  refusal("ecs", ["executeCommand"], "TargetNotConnectedException",
    MINUTE, "the agent in the container has not connected yet"),

  // EventBridge Scheduler
  refusal("scheduler", ["createSchedule", "updateSchedule"], "ValidationException",
    IAM_PROPAGATION, IAM_LAG, "must allow AWS EventBridge Scheduler to assume the role"),
  refusal("scheduler", ["updateSchedule", "deleteSchedule", "deleteScheduleGroup"], "ConflictException",
    2 * MINUTE, "an earlier change of the schedule is still under way"),
  refusal("ecs", ["createCapacityProvider", "updateCapacityProvider", "deleteCapacityProvider"], "UpdateInProgressException",
    10 * MINUTE, "the capacity provider is busy with an earlier change"),
  refusal("ecs", ["createCapacityProvider", "updateCapacityProvider"], "ClientException",
    2 * MINUTE, "ECS does not see yet that new instances are protected from scale-in", "instance protection from scale in"),
  refusal("ecs", ["deleteCapacityProvider"], "ResourceInUseException",
    10 * MINUTE, "the capacity provider is still being taken off the cluster"),
  refusal("ecs", ["createService", "updateService"], "InvalidParameterException",
    2 * MINUTE, "ECS does not see the new capacity provider yet", "not associated with the cluster"),

  // Application Auto Scaling and CloudWatch
  refusal("applicationAutoScaling", ["registerScalableTarget"], "ValidationException",
    2 * MINUTE, "Application Auto Scaling does not see the new service yet", "ECS service doesn't exist"),
  refusal("applicationAutoScaling", ["registerScalableTarget"], "ValidationException",
    2 * MINUTE, ROLE_BIRTH, "Unable to assume IAM role"),
  refusal("applicationAutoScaling", ["putScalingPolicy", "putScheduledAction"], "ObjectNotFoundException",
    2 * MINUTE, "Application Auto Scaling has not spread the news of a new scalable target yet", "No scalable target registered"),
  refusal("applicationAutoScaling", ["putScalingPolicy"], "ValidationException",
    2 * MINUTE, "ELB has not spread the news of a new target group yet", "resource label"),
  refusal("applicationAutoScaling", [], "FailedResourceAccessException",
    2 * MINUTE, "Application Auto Scaling could not call another service for us"),
  refusal("applicationAutoScaling", [], "ConcurrentUpdateException",
    2 * MINUTE, "the scalable target is busy with another change"),
  refusal("cloudWatch", [], "ConcurrentModificationException",
    2 * MINUTE, "the alarm is busy with another change"),

  // ELB
  refusal("elb", ["createLoadBalancer", "setSecurityGroups"], "InvalidSecurityGroup", 2 * MINUTE, GROUP_LAG),
  refusal("elb", ["addTags", "describeTags"], "LoadBalancerNotFound",
    30, "ELB has not spread the news of a new load balancer yet"),
  refusal("elb", ["deleteTargetGroup"], "ResourceInUse",
    2 * MINUTE, "ELB still sees the listener or rule that was just removed"),

  // CloudWatch Logs
  refusal("logs", ["createLogGroup", "putRetentionPolicy", "deleteRetentionPolicy", "deleteLogGroup", "tagResource"], "OperationAbortedException",
    2 * MINUTE, "the log group is busy with another change"),

  // What outlasts the SDK's own ten attempts.
  ...["Throttling", "ThrottlingException", "RequestLimitExceeded", "EC2ThrottledException", "TooManyRequestsException",
    "RequestThrottled", "SlowDown", "PriorRequestNotComplete"].map((code) =>
      refusal("any", [], code, 5 * MINUTE, "AWS gets more requests from this account than it answers")),
  ...["InternalFailure", "InternalServerError", "InternalError", "ServiceFailure", "ServiceUnavailable", "ServiceUnavailableException",
    "ServerException"].map((code) =>
      refusal("any", [], code, 2 * MINUTE, "the AWS service has a fault of its own")),
]);

/** The entry for a refusal, if it is one that passes. */
export function retryableError(
  service: ServiceName,
  operation: string,
  error: unknown,
): RetryableError | undefined {
  return TRANSIENT_REFUSALS.find(
    (entry) =>
      (entry.service === service || entry.service === "any") &&
      (entry.operations.length === 0 || entry.operations.includes(operation)) &&
      hasErrorCode(error, entry.code) &&
      (entry.message === undefined || messageIncludes(error, entry.message)),
  );
}

function refusal(
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
