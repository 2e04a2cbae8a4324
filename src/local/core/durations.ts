const second = 1000;
const minute = 60 * second;

/** How long AWS takes, in milliseconds of AWS time: typical values, from its documents and from field reports. */
export const durations = Object.freeze({
  /** An API call, there and back: between the two. */
  requestMin: 20,
  requestMax: 60,

  /** A new role or instance profile is seen by EC2, Auto Scaling and ECS. */
  iamPropagation: 10 * second,
  /** A service-linked role that a first call has made can be assumed. */
  serviceLinkedRole: 12 * second,

  /** A new security group is seen by EC2's own describes and by other services. */
  securityGroupVisible: 2 * second,

  /** `pending` to `running`. */
  instanceBoot: 45 * second,
  /** `running` to an ACTIVE container instance whose agent is connected. */
  agentRegistration: 60 * second,
  /** The agent of an instance that is going loses its connection. */
  agentDisconnect: 5 * second,
  /** `shutting-down` to `terminated`: only then its network interface is gone. */
  instanceShutdown: 40 * second,

  /** Auto Scaling notices that it has too few or too many instances. */
  autoScalingReaction: 5 * second,
  /** Auto Scaling tries a failed launch again; each time twice as late, up to the maximum. */
  launchRetry: 15 * second,
  launchRetryMax: 5 * minute,
  /** The last instance of a deleted group is gone; the group follows. */
  autoScalingGroupRemoval: 5 * second,

  loadBalancerProvisioning: 150 * second,
  /** Network interfaces of a deleted load balancer stay, and hold its security groups. */
  loadBalancerNetworkInterfacesLinger: 90 * second,
  /** The name of a deleted load balancer or target group stays taken. */
  nameLinger: 10 * second,
  /** A listener or rule forwards to a target group, and ECS sees it. */
  targetGroupAttachmentVisible: 5 * second,
  /** The last rule that used a target group is gone, and DeleteTargetGroup sees it. */
  targetGroupInUseLinger: 5 * second,
  /** A registered target's first health check, at the latest an interval later. */
  firstHealthCheck: 2 * second,
  ruleChangeVisible: 2 * second,

  /** A cluster just made can be used by other calls. */
  clusterVisible: 1 * second,
  /** DescribeServices finds a service just made (before: MISSING), or an update just made. */
  serviceVisible: 1 * second,
  /** The service scheduler looks again. */
  schedulerTick: 5 * second,
  /** The scheduler starts a task again after failures; longer each time. */
  taskRetry: 10 * second,
  taskRetryMax: 5 * minute,
  /** PutClusterCapacityProviders is done: UPDATE_IN_PROGRESS to UPDATE_COMPLETE. */
  capacityProvidersUpdate: 15 * second,
  capacityProviderDeletion: 10 * second,
  /** PROVISIONING of a task that has a network interface of its own. */
  taskProvisioning: 10 * second,
  /** Docker builds an image, and pushes it. */
  imageBuild: 20 * second,
  imagePush: 10 * second,
  imagePull: 10 * second,
  containerStart: 2 * second,
  /** A stopped container's task is STOPPED, and what it held is free. */
  taskDeprovisioning: 5 * second,
  /** Stopped tasks can still be described. */
  stoppedTaskLinger: 60 * minute,
  taskDefinitionDeletion: 30 * second,
  /** A running container's agent takes ExecuteCommand. */
  executeCommandAgent: 8 * second,

  /** `DELETING` to gone. */
  scheduleGroupDeletion: 10 * second,

  /** What a container wrote can be read. */
  logIngestion: 2 * second,
  /** After a delete, the log group's name cannot be used yet: OperationAbortedException. */
  logGroupConflict: 2 * second,
});
