import type { World } from "../../kernel/world.js";
import { wake } from "../ecs/wake.js";
import { serviceOfTarget } from "./request.js";

/** Gives a service another number of tasks, and says why; whether it had another one. */
export function setCapacity(world: World, resourceId: string, capacity: number, cause: string): boolean {
  const service = serviceOfTarget(world, resourceId);
  if (service === undefined || service.description.desiredCount === capacity) return false;
  service.description.desiredCount = capacity;
  service.steady = false;
  const now = new Date(world.clock.now());
  world.applicationAutoScaling.activities.push({
    ActivityId: world.hex(32).replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-"),
    ServiceNamespace: "ecs",
    ScalableDimension: "ecs:service:DesiredCount",
    ResourceId: resourceId,
    Description: `Setting desired count to ${capacity}.`,
    Cause: cause,
    StartTime: now,
    EndTime: now,
    StatusCode: "Successful",
    StatusMessage: `Successfully set desired count to ${capacity}. Change successfully fulfilled by ecs.`,
  });
  wake(world, service);
  for (const hear of world.hooks.changed) hear();
  return true;
}
