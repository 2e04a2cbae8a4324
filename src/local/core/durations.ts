const second = 1000;
const minute = 60 * second;

/**
 * The durations of AWS's operations, in milliseconds of AWS time: typical values, from its documentation and
 * from field reports.
 */
export const durations = Object.freeze({
  /** The round trip of an API call is between the two. */
  requestMin: 20,
  requestMax: 60,

  /** A new instance profile becomes visible to EC2 and Auto Scaling. */
  iamPropagation: 10 * second,
  /** A new role is visible to other services when they check that the caller may pass it. */
  rolePassable: 5 * second,
  /** Other services can assume a new role. */
  roleAssumable: 15 * second,
  /** A role has the permissions that were just given to it. */
  rolePolicies: 8 * second,
  /** A service-linked role that a first call has created can be assumed. */
  serviceLinkedRole: 12 * second,
  /** Auto Scaling can assume its new service-linked role: launches fail until then. */
  autoScalingRole: 60 * second,

  /** A new security group becomes visible to EC2's own describe operations and to other services. */
  securityGroupVisible: 2 * second,

  /** A new VPC, subnet, route table or internet gateway is found by EC2's other operations. */
  networkVisible: 1 * second,
  /** `pending` to `available` (a minute or two), and the end of one that fails. */
  natGatewayCreation: 90 * second,
  natGatewayFailure: 15 * second,
  /** `deleting` to `deleted`; only then its address and its network interface are released. */
  natGatewayDeletion: 45 * second,
  /** The address of a deleted NAT gateway can be released. */
  addressRelease: 5 * second,
  /** A deleted or failed NAT gateway can still be described. */
  natGatewayLinger: 60 * minute,
  /** `pending` to `available` of an interface endpoint, and `deleting` to deleted. */
  vpcEndpointCreation: 60 * second,
  vpcEndpointDeletion: 60 * second,

  /** `pending` to `running`. */
  instanceBoot: 45 * second,
  /** `running` to an ACTIVE container instance whose agent is connected. */
  agentRegistration: 60 * second,
  /** The agent of a terminating instance loses its connection. */
  agentDisconnect: 5 * second,
  /** The notice of a Spot Instance's interruption to its termination. */
  spotInterruptionNotice: 120 * second,
  /** `stopping` to `stopped`. */
  instanceStop: 30 * second,
  /** `shutting-down` to `terminated`; only then its network interface is deleted. */
  instanceShutdown: 40 * second,

  /** Auto Scaling notices that it has too few or too many instances. */
  autoScalingReaction: 5 * second,
  /** Auto Scaling retries a failed launch; the delay doubles each time, up to the maximum. */
  launchRetry: 15 * second,
  launchRetryMax: 5 * minute,
  /** An instance refresh looks again what it can replace. */
  instanceRefreshStep: 15 * second,
  /** An instance refresh fails when it could replace nothing for as long. */
  instanceRefreshPatience: 60 * minute,
  /** The last instance of a deleted group is terminated; then the group is deleted. */
  autoScalingGroupRemoval: 5 * second,

  loadBalancerProvisioning: 150 * second,
  /** A load balancer is active, and its DNS name resolves. */
  loadBalancerNameVisible: 40 * second,
  /** The network interfaces of a deleted load balancer remain, and use its security groups. */
  loadBalancerNetworkInterfacesLinger: 90 * second,
  /** The name of a deleted load balancer or target group remains taken. */
  nameLinger: 10 * second,
  /** A listener or rule forwards to a target group, and ECS sees it. */
  targetGroupAttachmentVisible: 5 * second,
  /** The last rule that used a target group was deleted, and DeleteTargetGroup sees it. */
  targetGroupInUseLinger: 5 * second,
  /** The first health check of a registered target; an interval is the upper limit. */
  firstHealthCheck: 2 * second,
  ruleChangeVisible: 2 * second,

  /** A new cluster becomes visible to other calls. */
  clusterVisible: 1 * second,
  /** DescribeServices finds a new service (MISSING until then), or shows an update. */
  serviceVisible: 1 * second,
  /** ListServiceDeployments finds a new service, later than DescribeServices. */
  serviceDeploymentsVisible: 4 * second,
  /** ROLLBACK_REQUESTED to ROLLBACK_IN_PROGRESS. */
  rollbackStart: 5 * second,
  /** The service scheduler reconciles again. */
  schedulerTick: 5 * second,
  /** The scheduler launches a task again that ECS could not launch at all. */
  taskLaunchRetry: 30 * second,
  /** The scheduler starts a task again after failures; the delay grows each time. */
  taskRetry: 10 * second,
  taskRetryMax: 5 * minute,
  /** DescribeClusters shows changed capacity providers. */
  clusterUpdateVisible: 2 * second,
  /** PutClusterCapacityProviders completes: UPDATE_IN_PROGRESS to UPDATE_COMPLETE. */
  capacityProvidersUpdate: 15 * second,
  capacityProviderDeletion: 10 * second,
  /** A capacity provider of Managed Instances becomes ACTIVE. */
  managedInstancesCreation: 15 * second,
  /** ECS launches Managed Instances for tasks that wait. */
  managedInstanceLaunch: 10 * second,
  /** ECS tries to launch Managed Instances again, until its patience ends. */
  managedInstanceRetry: 15 * second,
  managedInstancePatience: 2 * minute,
  /** A Managed Instance that has not registered is terminated. */
  managedInstanceRegistration: 10 * minute,
  /** A Managed Instance without tasks is terminated, unless the capacity provider says otherwise. */
  managedInstanceIdle: 5 * minute,
  /** ECS drains a Managed Instance, to patch its software. */
  managedInstanceDrain: 14 * 24 * 60 * minute,
  /** ECS terminates a Managed Instance that has not drained yet. */
  managedInstanceMaximum: 21 * 24 * 60 * minute,
  /** PROVISIONING of a task that has its own network interface. */
  taskProvisioning: 10 * second,
  /** Docker builds and pushes an image. */
  imageBuild: 20 * second,
  imagePush: 10 * second,
  imagePull: 10 * second,
  containerStart: 2 * second,
  /** The task of a stopped container becomes STOPPED, and its resources are released. */
  taskDeprovisioning: 5 * second,
  /** Stopped tasks can still be described. */
  stoppedTaskLinger: 60 * minute,
  taskDefinitionDeletion: 30 * second,
  /** The ExecuteCommand agent of a running container becomes available. */
  executeCommandAgent: 8 * second,

  /** All name servers of Route 53 know a change. */
  recordsInsync: 30 * second,
  /** ACM knows the records by which a requested certificate is validated. */
  validationRecords: 5 * second,
  /** ACM looks for them, again and again. */
  certificateValidation: 60 * second,
  /** ACM stops looking for them. */
  validationTimeout: 72 * 60 * minute,
  /** A listener no longer has a certificate, and ACM knows it. */
  certificateInUseLinger: 10 * second,

  /** Cloud Map creates or deletes a namespace. */
  namespaceOperation: 10 * second,
  /** Cloud Map still counts an instance that ECS has deregistered. */
  instanceDeregistration: 20 * second,
  /** The Cloud Map services of a deleted ECS service with Service Connect are deleted. */
  connectCleanup: 15 * second,
  /** Service Connect proxies know that the traffic of a blue/green deployment is shifted. */
  connectShift: 5 * second,
  /** A Network Load Balancer routes by changed weights: ECS waits as long after each change. */
  networkShift: 10 * minute,

  /** A schedule group is `DELETING` until it is deleted. */
  scheduleGroupDeletion: 10 * second,

  /** A container's log lines become readable. */
  logIngestion: 2 * second,
  /** After a log group is deleted, creating one with its name fails: OperationAbortedException. */
  logGroupConflict: 2 * second,
});
