import type {
  DeploymentConfiguration,
  LoadBalancer,
  NetworkConfiguration,
  TaskDefinition,
} from "@aws-sdk/client-ecs";
import type { Account } from "../../../core/account.js";
import { visibleSecurityGroup } from "../../ec2/visible-security-group.js";
import { checkItems, isOnFargate, isOnManagedInstances } from "../clusters/capacity-providers.js";
import { clientException, invalidParameter } from "../service-errors.js";
import type { Cluster, TaskDefinitionRecord } from "../state.js";
import { checkExpression } from "../task-definitions/managed-instances-limits-validation.js";
import { taskDefinitionOf } from "../task-definitions/task-definitions.js";
import {
  checkAdvancedConfiguration,
  checkLoadBalancers,
  neededTargetType,
} from "./advanced-configuration.js";
import { checkVolumeConfigurations } from "./volume-configuration-validation.js";
import { checkPlacement } from "./placement-validation.js";
import type { ServiceShape } from "./service-shape.js";

export function readTaskDefinition(account: Account, reference: string | undefined): TaskDefinitionRecord {
  if (reference === undefined || reference === "") throw invalidParameter("TaskDefinition can not be blank.");
  const record = taskDefinitionOf(account, reference);
  if (record === undefined) throw clientException("TaskDefinition not found.");
  if (record.description.status !== "ACTIVE") throw clientException("TaskDefinition is inactive");
  return record;
}

/** The validation that CreateService and UpdateService share. */
export function checkService(
  account: Account,
  cluster: Cluster,
  shape: ServiceShape,
  definition: TaskDefinitionRecord,
): void {
  const { desiredCount, launchType, capacityProviderStrategy = [], loadBalancers = [] } = shape;
  if (desiredCount !== undefined && (!Number.isInteger(desiredCount) || desiredCount < 0)) {
    throw invalidParameter("desiredCount cannot be less than 0.");
  }
  if (launchType !== undefined && launchType !== "EC2" && launchType !== "FARGATE") {
    throw invalidParameter(`The local cloud does not support the launch type '${launchType}'.`);
  }
  checkItems(cluster.capacityProviders, capacityProviderStrategy);
  const onFargate = launchType === "FARGATE" || isOnFargate(capacityProviderStrategy);
  const { compatibilities } = definition.description;
  if (onFargate && compatibilities?.includes("FARGATE") !== true) {
    throw invalidParameter("Task definition does not support launch_type FARGATE.");
  }
  checkManagedInstances(account, shape, definition.description);
  checkDeploymentConfiguration(shape.deploymentConfiguration);
  const { maximumPercent = 200 } = shape.deploymentConfiguration ?? {};
  if (shape.availabilityZoneRebalancing === "ENABLED" && maximumPercent <= 100) {
    throw invalidParameter("Availability Zone rebalancing requires a maximumPercent greater than 100.");
  }
  checkPlacement(shape, onFargate);
  const grace = shape.healthCheckGracePeriodSeconds;
  if (grace !== undefined && grace > 0 && loadBalancers.length === 0) {
    throw invalidParameter(
      "Health check grace period is only valid for services configured to use load balancers",
    );
  }
  if (grace !== undefined && grace < 0)
    throw invalidParameter("Health check grace period must not be negative.");
  if (loadBalancers.length > 5) throw invalidParameter("A service can use up to 5 target groups.");
  checkLoadBalancers(loadBalancers, shape.deploymentConfiguration);
  for (const loadBalancer of loadBalancers) checkLoadBalancer(account, loadBalancer, definition);
  checkNetwork(account, shape.networkConfiguration, definition, onFargate);
  checkVolumeConfigurations(shape.volumeConfigurations ?? [], definition);
}

/** Source: ECS Developer Guide, "Amazon ECS Managed Instances": placement, and capacities of one kind. */
function checkManagedInstances(account: Account, shape: ServiceShape, definition: TaskDefinition): void {
  const {
    capacityProviderStrategy: strategy = [],
    placementStrategy = [],
    placementConstraints = [],
  } = shape;
  if (!isOnManagedInstances(account, strategy)) return;
  if (!strategy.every((item) => isOnManagedInstances(account, [item])))
    throw invalidParameter(
      "The specified capacity provider strategy cannot contain a mix of capacity provider types.",
    );
  if (definition.compatibilities?.includes("MANAGED_INSTANCES") !== true)
    throw invalidParameter("Task definition does not support launch_type MANAGED_INSTANCES.");
  if (placementStrategy.length > 0)
    throw invalidParameter("Placement strategies are not supported with MANAGED_INSTANCES launch type.");
  for (const { expression = "" } of placementConstraints) checkExpression(expression);
}

function checkDeploymentConfiguration(configuration: DeploymentConfiguration | undefined): void {
  const {
    minimumHealthyPercent: min = 100,
    maximumPercent: max = 200,
    deploymentCircuitBreaker: breaker,
  } = configuration ?? {};
  if (min < 0) throw invalidParameter("Deployment minimumHealthyPercent must not be negative.");
  if (max < 1) throw invalidParameter("Deployment maximumPercent must be at least 1.");
  if (min > max) throw invalidParameter("Deployment minimumHealthyPercent must be less than maximumPercent.");
  if (breaker !== undefined && (breaker.enable === undefined || breaker.rollback === undefined)) {
    throw invalidParameter("Deployment circuit breaker needs both enable and rollback.");
  }
}

/** A task definition must have the container and port of each load balancer. */
export function checkContainerPort(
  { containerDefinitions }: TaskDefinition,
  { containerName, containerPort }: LoadBalancer,
): void {
  const container = containerDefinitions?.find(({ name }) => name === containerName);
  if (container === undefined) {
    throw invalidParameter(`The container ${containerName} does not exist in the task definition.`);
  }
  if (container.portMappings?.some((mapping) => mapping.containerPort === containerPort) !== true) {
    throw invalidParameter(
      `The container ${containerName} did not have a container port ${containerPort} defined.`,
    );
  }
}

function checkLoadBalancer(
  account: Account,
  loadBalancer: LoadBalancer,
  { description }: TaskDefinitionRecord,
): void {
  const { targetGroupArn: arn, containerName, containerPort } = loadBalancer;
  if (arn === undefined) throw invalidParameter("targetGroupArn can not be blank.");
  if (containerName === undefined || containerPort === undefined) {
    throw invalidParameter("containerName and containerPort of a load balancer can not be blank.");
  }
  checkContainerPort(description, loadBalancer);
  checkTargetGroup(account, arn, description);
  checkAdvancedConfiguration(account, loadBalancer, (other) => checkTargetGroup(account, other, description));
}

function checkTargetGroup(account: Account, arn: string, description: TaskDefinition): void {
  const group = account.elb.targetGroups.get(arn);
  if (group === undefined)
    throw invalidParameter(`The target group with targetGroupArn ${arn} does not exist.`);
  const needed = neededTargetType(description);
  if (group.targetType !== needed) {
    throw invalidParameter(
      `The provided target group ${arn} has target type ${group.targetType}, which is incompatible with the ${description.networkMode ?? "bridge"} network mode specified in the task definition.`,
    );
  }
  if (group.attachedSince === undefined || account.clock.now() < group.attachedSince) {
    throw invalidParameter(
      `The target group with targetGroupArn ${arn} does not have an associated load balancer.`,
    );
  }
}

function checkNetwork(
  account: Account,
  configuration: NetworkConfiguration | undefined,
  { description }: TaskDefinitionRecord,
  onFargate: boolean,
): void {
  const awsvpc = configuration?.awsvpcConfiguration;
  if (description.networkMode !== "awsvpc") {
    if (awsvpc === undefined) return;
    throw invalidParameter(
      "Network Configuration is not valid for the given networkMode of this task definition.",
    );
  }
  if (awsvpc === undefined) {
    throw invalidParameter("Network Configuration must be provided when networkMode 'awsvpc' is specified.");
  }
  const { subnets = [], securityGroups = [], assignPublicIp } = awsvpc;
  if (subnets.length === 0) throw invalidParameter("subnets can not be empty.");
  if (subnets.length > 16) throw invalidParameter("A network configuration can have up to 16 subnets.");
  if (securityGroups.length > 5)
    throw invalidParameter("A network configuration can have up to 5 security groups.");
  if (assignPublicIp === "ENABLED" && !onFargate) {
    throw invalidParameter("Assign public IP is not supported for this launch type.");
  }
  const vpcs = new Set<string>();
  for (const id of subnets) {
    const subnet = account.ec2.subnets.get(id);
    if (subnet === undefined) {
      throw invalidParameter(
        `Error retrieving subnet information for [${id}]: The subnet ID '${id}' does not exist (ErrorCode: InvalidSubnetID.NotFound)`,
      );
    }
    vpcs.add(subnet.vpcId);
  }
  for (const id of securityGroups) {
    const group = visibleSecurityGroup(account, id);
    if (group === undefined) {
      throw invalidParameter(
        `Error retrieving security group information for [${id}]: The security group '${id}' does not exist (ErrorCode: InvalidGroup.NotFound)`,
      );
    }
    vpcs.add(group.vpcId);
  }
  if (vpcs.size > 1) throw invalidParameter("All subnets and security groups must belong to the same VPC.");
}
