import type { ContainerDefinition } from "@aws-sdk/client-ecs";
import type { TaskRecord } from "../state.js";

/** The container that the load balancer targets; else the first essential one. */
export function mainContainer({ taskDefinition, rollout }: TaskRecord): ContainerDefinition {
  const containers = taskDefinition.description.containerDefinitions ?? [];
  const asked = containers.find(({ name }) => name === rollout?.loadBalancers[0]?.containerName);
  const found = asked ?? containers.find(({ essential }) => essential !== false);
  if (found === undefined) throw new Error("A task definition without an essential container was registered");
  return found;
}
