import type { ScalableTarget, ScalingActivity } from "@aws-sdk/client-application-auto-scaling";
import type { World } from "../../core/account.js";
import { wake } from "../ecs/services/schedule-reconcile.js";
import { serviceOfTarget } from "./request.js";

/** Gives a service another number of tasks, and says why; whether it had another one. */
export function setCapacity(world: World, resourceId: string, capacity: number, cause: string): boolean {
  const service = serviceOfTarget(world, resourceId);
  if (service === undefined || service.description.desiredCount === capacity) return false;
  service.description.desiredCount = capacity;
  service.steady = false;
  record(world, resourceId, {
    Description: `Setting desired count to ${capacity}.`,
    Cause: cause,
    StatusCode: "Successful",
    StatusMessage: `Successfully set desired count to ${capacity}. Change successfully fulfilled by ecs.`,
  });
  wake(world, service);
  for (const hear of world.hooks.changed) hear();
  return true;
}

/** What a scheduled action makes of the bounds: they change together, or not at all. */
export function setBounds(
  world: World,
  target: ScalableTarget,
  { min, max }: { readonly min: number; readonly max: number },
  Cause: string,
): void {
  const { ResourceId = "" } = target;
  const Description = `Setting min capacity to ${min} and max capacity to ${max}`;
  if (min > max) {
    const StatusMessage = "Maximum capacity cannot be less than minimum capacity.";
    return record(world, ResourceId, { Description, Cause, StatusCode: "Failed", StatusMessage });
  }
  target.MinCapacity = min;
  target.MaxCapacity = max;
  const StatusMessage = `Successfully set min capacity to ${min} and max capacity to ${max}`;
  record(world, ResourceId, { Description, Cause, StatusCode: "Successful", StatusMessage });
  keepWithinBounds(world, target);
}

/** New bounds take the service with them at once. */
export function keepWithinBounds(world: World, target: ScalableTarget): void {
  const { ResourceId = "", MinCapacity: min = 0, MaxCapacity: max = 0 } = target;
  const now = serviceOfTarget(world, ResourceId)?.description.desiredCount ?? 0;
  if (now < min) setCapacity(world, ResourceId, min, `minimum capacity was set to ${min}`);
  if (now > max) setCapacity(world, ResourceId, max, `maximum capacity was set to ${max}`);
  for (const hear of world.hooks.changed) hear();
}

function record(
  world: World,
  ResourceId: string,
  activity: Pick<ScalingActivity, "Description" | "Cause" | "StatusCode" | "StatusMessage">,
): void {
  const now = new Date(world.clock.now());
  world.applicationAutoScaling.activities.push({
    ActivityId: world.hex(32).replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-"),
    ServiceNamespace: "ecs",
    ScalableDimension: "ecs:service:DesiredCount",
    ResourceId,
    StartTime: now,
    EndTime: now,
    ...activity,
  } as ScalingActivity);
}
