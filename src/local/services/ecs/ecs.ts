import type { EcsApi } from "../../../aws/api.js";
import type { Account } from "../../core/account.js";
import { drainInterruptedInstances, startAgents } from "./clusters/agents.js";
import { createCapacityProviderHandlers } from "./clusters/capacity-provider-handlers.js";
import { createClusterHandlers } from "./clusters/clusters.js";
import { createContainerInstanceHandlers } from "./clusters/container-instances.js";
import { drainLeavingInstances } from "./clusters/managed-draining.js";
import { launchForWaiting, noteIdle } from "./clusters/managed-instances.js";
import { scaleManagedGroups } from "./clusters/managed-scaling.js";
import { renewNames } from "./registries/names-file.js";
import { reconcile } from "./services/scheduler.js";
import { createServiceDeploymentHandlers } from "./services/service-deployments.js";
import { createServiceHandlers } from "./services/services.js";
import { createAccountSettingHandlers } from "./account-settings.js";
import { createAttributeHandlers } from "./attributes.js";
import { createClusterListHandlers } from "./clusters/cluster-lists.js";
import { createContainerInstanceStateHandlers } from "./clusters/container-instance-state.js";
import { createFamilyHandlers } from "./task-definitions/task-definition-families.js";
import { createTaskProtectionHandlers } from "./tasks/task-protection.js";
import { createTagHandlers } from "./tags.js";
import { createTaskDefinitionHandlers } from "./task-definitions/task-definitions.js";
import { placeWaiting } from "./tasks/launch.js";
import { createRunTaskHandlers } from "./tasks/run-task.js";
import { createStartTaskHandlers } from "./tasks/start-task.js";
import { createTaskHandlers } from "./tasks/tasks.js";

/** Amazon ECS: clusters, container instances, task definitions, services with their deployments, and tasks. */
export function createEcs(account: Account): EcsApi {
  startAgents(account);
  drainInterruptedInstances(account);
  drainLeavingInstances(account);
  scaleManagedGroups(account);
  account.events.capacityFound.push((cluster) => {
    placeWaiting(account, cluster);
    launchForWaiting(account, cluster);
  });
  account.events.taskReleased.push((cluster, instance) => noteIdle(account, cluster, instance));
  account.events.serviceDue.push((service) => reconcile(account, service));
  account.events.namesChanged.push(() => renewNames(account));
  account.events.securityGroupsChanged.push(() => renewNames(account));
  return {
    ...createClusterHandlers(account),
    ...createCapacityProviderHandlers(account),
    ...createContainerInstanceHandlers(account),
    ...createTaskDefinitionHandlers(account),
    ...createServiceHandlers(account),
    ...createServiceDeploymentHandlers(account),
    ...createTaskHandlers(account),
    ...createRunTaskHandlers(account),
    ...createStartTaskHandlers(account),
    ...createTagHandlers(account),
    ...createClusterListHandlers(account),
    ...createAccountSettingHandlers(account),
    ...createAttributeHandlers(account),
    ...createContainerInstanceStateHandlers(account),
    ...createFamilyHandlers(account),
    ...createTaskProtectionHandlers(account),
  };
}
