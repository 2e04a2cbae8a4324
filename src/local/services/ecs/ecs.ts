import type { EcsPort } from "../../../aws/ports.js";
import type { World } from "../../kernel/world.js";
import { startAgents } from "./agents.js";
import { createCapacityProviderHandlers } from "./capacity-provider-handlers.js";
import { createClusterHandlers } from "./clusters.js";
import { createContainerInstanceHandlers } from "./container-instances.js";
import { drainLeavingInstances } from "./managed-draining.js";
import { placeWaiting } from "./launch.js";
import { scaleManagedGroups } from "./managed-scaling.js";
import { createRunTaskHandlers } from "./run-task.js";
import { reconcile } from "./scheduler.js";
import { createServiceDeploymentHandlers } from "./service-deployments.js";
import { createServiceHandlers } from "./services.js";
import { createTagHandlers } from "./tags.js";
import { createTaskDefinitionHandlers } from "./task-definitions.js";
import { createTaskHandlers } from "./tasks.js";

/** Amazon ECS: clusters, container instances, task definitions, services with their deployments, and tasks. */
export function createEcs(world: World): EcsPort {
  startAgents(world);
  drainLeavingInstances(world);
  scaleManagedGroups(world);
  world.hooks.roomFound.push((cluster) => placeWaiting(world, cluster));
  world.hooks.serviceDue.push((service) => reconcile(world, service));
  return {
    ...createClusterHandlers(world),
    ...createCapacityProviderHandlers(world),
    ...createContainerInstanceHandlers(world),
    ...createTaskDefinitionHandlers(world),
    ...createServiceHandlers(world),
    ...createServiceDeploymentHandlers(world),
    ...createTaskHandlers(world),
    ...createRunTaskHandlers(world),
    ...createTagHandlers(world),
  };
}
