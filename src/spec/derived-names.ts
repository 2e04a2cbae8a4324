import { deriveName } from "./derive-name.js";
import {
  CAPACITY_PROVIDER_NAME,
  LAUNCH_TEMPLATE_NAME,
  LOAD_BALANCER_NAME,
  ROLE_NAME,
  SCHEDULE_NAME,
  SECURITY_GROUP_NAME,
} from "./names.js";

/*
 * The names of the resources that quayside adds to a cluster, a load balancer, a deployment or a job. Later
 * runs find the resources by these names, so changing a name here orphans existing resources.
 */

/** The name of a cluster's Auto Scaling group and of its launch template. */
export const autoScalingGroupName = (cluster: string): string =>
  deriveName(LAUNCH_TEMPLATE_NAME, cluster, "-instances");

/** The name of the capacity provider for a cluster's Auto Scaling group. */
export const capacityProviderName = (cluster: string): string =>
  deriveName(CAPACITY_PROVIDER_NAME, cluster, "-capacity");

/**
 * The name of the capacity provider of a cluster's Managed Instances. AWS cannot make one of the other: Spot and On-Demand
 * Instances have capacity providers of their own.
 */
export const managedInstancesName = (cluster: string, spot: boolean): string =>
  deriveName(CAPACITY_PROVIDER_NAME, cluster, spot ? "-managed-spot" : "-managed");

export const managedInstancesSecurityGroupName = (cluster: string): string =>
  deriveName(SECURITY_GROUP_NAME, cluster, "-managed-instances");

/** The security group of the VPC endpoints of a network. */
export const endpointSecurityGroupName = (network: string): string =>
  deriveName(SECURITY_GROUP_NAME, network, "-endpoints");

export const instanceSecurityGroupName = (cluster: string): string =>
  deriveName(SECURITY_GROUP_NAME, cluster, "-instances");

/*
 * The names of roles contain the region, because IAM has one namespace for all regions of an account. Without
 * a region, they are the names that earlier versions gave.
 */

/** The name of the role and of the instance profile of a cluster's instances. */
export const instanceRoleName = (cluster: string, region?: string): string =>
  roleName(cluster, "-instance-role", region);

/** The name of the role and of the instance profile of a cluster's Managed Instances. */
export const managedInstanceRoleName = (cluster: string, region?: string): string =>
  roleName(cluster, "-managed-instance-role", region);

/** The name of the role with which ECS manages a cluster's Managed Instances. */
export const managedInfrastructureRoleName = (cluster: string, region?: string): string =>
  roleName(cluster, "-managed-infrastructure-role", region);

export const loadBalancerSecurityGroupName = (loadBalancer: string): string =>
  deriveName(SECURITY_GROUP_NAME, loadBalancer, "-alb");

export const networkLoadBalancerSecurityGroupName = (loadBalancer: string): string =>
  deriveName(SECURITY_GROUP_NAME, loadBalancer, "-nlb");

/** The name of the load balancer that replaces one with the other scheme, which AWS cannot change. */
export const loadBalancerNameInScheme = (loadBalancer: string, scheme: Scheme): string =>
  deriveName(LOAD_BALANCER_NAME, loadBalancer, SCHEME_SUFFIX[scheme]);

export const securityGroupNameInScheme = (securityGroup: string, scheme: Scheme): string =>
  deriveName(SECURITY_GROUP_NAME, securityGroup, SCHEME_SUFFIX[scheme]);

type Scheme = "internal" | "internet-facing";

const SCHEME_SUFFIX: Readonly<Record<Scheme, string>> = Object.freeze({
  internal: "-internal",
  "internet-facing": "-public",
});

export const taskSecurityGroupName = (deployment: string): string =>
  deriveName(SECURITY_GROUP_NAME, deployment, "-tasks");

export const executionRoleName = (deployment: string, region?: string): string =>
  roleName(deployment, "-execution-role", region);

export const taskRoleName = (deployment: string, region?: string): string =>
  roleName(deployment, "-task-role", region);

/** The name of the role with which ECS creates the EBS volumes of tasks. */
export const infrastructureRoleName = (deployment: string, region?: string): string =>
  roleName(deployment, "-infrastructure-role", region);

/** The name of the role with which ECS shifts the traffic of a Network Load Balancer's listeners. */
export const balancerRoleName = (deployment: string, region?: string): string =>
  roleName(deployment, "-load-balancer-role", region);

/** The name of the role with which ECS gets the certificates of Service Connect. */
export const connectRoleName = (deployment: string, region?: string): string =>
  roleName(deployment, "-connect-role", region);

/** The name of the security group of all tasks of a Service Connect namespace in one VPC. */
export const connectSecurityGroupName = (namespace: string, vpc?: string): string =>
  deriveName(SECURITY_GROUP_NAME, namespace, vpc === undefined ? "-connect" : `-connect-${vpc}`);

/** The name of the role with which EventBridge Scheduler starts a job's tasks. */
export const scheduleRoleName = (job: string, region?: string): string =>
  roleName(job, "-schedule-role", region);

export const scheduleGroupName = (job: string): string => deriveName(SCHEDULE_NAME, `quayside-${job}`);

export const scheduleName = (job: string): string => deriveName(SCHEDULE_NAME, job);

/** The name of the role with which EventBridge Scheduler stops the old color (`keepOld`). */
export const keepOldRoleName = (deployment: string, region?: string): string =>
  roleName(deployment, "-keep-old", region);

export const keepOldScheduleName = (deployment: string): string =>
  deriveName(SCHEDULE_NAME, deployment, "-keep-old");

const roleName = (base: string, suffix: string, region: string | undefined): string =>
  deriveName(ROLE_NAME, base, region === undefined ? suffix : `${suffix}-${region}`);
