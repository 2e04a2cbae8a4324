import { deriveName } from "./derive-name.js";
import {
  CAPACITY_PROVIDER_NAME,
  LAUNCH_TEMPLATE_NAME,
  ROLE_NAME,
  SCHEDULE_NAME,
  SECURITY_GROUP_NAME,
} from "./names.js";

/*
 * The names of what quayside adds around a cluster, a load balancer, a deployment or a job. They are how a
 * later run finds it again: a name that changes here leaves behind what has the old one.
 */

/** The Auto Scaling group of a cluster, and the launch template of its instances. */
export const autoScalingGroupName = (cluster: string): string =>
  deriveName(LAUNCH_TEMPLATE_NAME, cluster, "-instances");

/** The capacity provider of a cluster's Auto Scaling group. */
export const capacityProviderName = (cluster: string): string =>
  deriveName(CAPACITY_PROVIDER_NAME, cluster, "-capacity");

export const instanceSecurityGroupName = (cluster: string): string =>
  deriveName(SECURITY_GROUP_NAME, cluster, "-instances");

export const instanceRoleName = (cluster: string): string => deriveName(ROLE_NAME, cluster, "-instance-role");

export const loadBalancerSecurityGroupName = (loadBalancer: string): string =>
  deriveName(SECURITY_GROUP_NAME, loadBalancer, "-alb");

export const taskSecurityGroupName = (deployment: string): string =>
  deriveName(SECURITY_GROUP_NAME, deployment, "-tasks");

export const executionRoleName = (deployment: string): string =>
  deriveName(ROLE_NAME, deployment, "-execution-role");

export const taskRoleName = (deployment: string): string => deriveName(ROLE_NAME, deployment, "-task-role");

/** The role with which EventBridge Scheduler starts a job's tasks. */
export const scheduleRoleName = (job: string): string => deriveName(ROLE_NAME, job, "-schedule-role");

export const scheduleGroupName = (job: string): string => deriveName(SCHEDULE_NAME, `quayside-${job}`);

export const scheduleName = (job: string): string => deriveName(SCHEDULE_NAME, job);

/** The role with which EventBridge Scheduler stops the color that was kept. */
export const keepOldRoleName = (deployment: string): string => deriveName(ROLE_NAME, deployment, "-keep-old");

export const keepOldScheduleName = (deployment: string): string =>
  deriveName(SCHEDULE_NAME, deployment, "-keep-old");
