import type { ScalableTarget, ScalingActivity } from "@aws-sdk/client-application-auto-scaling";
import type { Account } from "../../core/account.js";
import { notifyChanged } from "../../core/notify-changed.js";
import { scheduleReconcile } from "../ecs/services/schedule-reconcile.js";
import { serviceOfTarget } from "./request.js";
import { appendBounded, RECORDED } from "../../core/append-bounded.js";

/** Sets a service's desired count and records the activity. Returns true if the count has changed. */
export function setCapacity(account: Account, resourceId: string, capacity: number, cause: string): boolean {
  const service = serviceOfTarget(account, resourceId);
  if (service === undefined || service.description.desiredCount === capacity) return false;
  service.description.desiredCount = capacity;
  service.isSteady = false;
  record(account, resourceId, {
    Description: `Setting desired count to ${capacity}.`,
    Cause: cause,
    StatusCode: "Successful",
    StatusMessage: `Successfully set desired count to ${capacity}. Change successfully fulfilled by ecs.`,
  });
  scheduleReconcile(account, service);
  notifyChanged(account);
  return true;
}

/** Applies a scheduled action to the bounds: both change together, or neither. */
export function setBounds(
  account: Account,
  target: ScalableTarget,
  { min, max }: { readonly min: number; readonly max: number },
  Cause: string,
): void {
  const { ResourceId = "" } = target;
  const Description = `Setting min capacity to ${min} and max capacity to ${max}`;
  if (min > max) {
    const StatusMessage = "Maximum capacity cannot be less than minimum capacity.";
    return record(account, ResourceId, { Description, Cause, StatusCode: "Failed", StatusMessage });
  }
  target.MinCapacity = min;
  target.MaxCapacity = max;
  const StatusMessage = `Successfully set min capacity to ${min} and max capacity to ${max}`;
  record(account, ResourceId, { Description, Cause, StatusCode: "Successful", StatusMessage });
  keepWithinBounds(account, target);
}

/** Moves the service's desired count within its new bounds at once. */
export function keepWithinBounds(account: Account, target: ScalableTarget): void {
  const { ResourceId = "", MinCapacity: min = 0, MaxCapacity: max = 0 } = target;
  const now = serviceOfTarget(account, ResourceId)?.description.desiredCount ?? 0;
  if (now < min) setCapacity(account, ResourceId, min, `minimum capacity was set to ${min}`);
  if (now > max) setCapacity(account, ResourceId, max, `maximum capacity was set to ${max}`);
  notifyChanged(account);
}

function record(
  account: Account,
  ResourceId: string,
  activity: Pick<ScalingActivity, "Description" | "Cause" | "StatusCode" | "StatusMessage">,
): void {
  const now = new Date(account.clock.now());
  const recorded = {
    ActivityId: account.hex(32).replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-"),
    ServiceNamespace: "ecs",
    ScalableDimension: "ecs:service:DesiredCount",
    ResourceId,
    StartTime: now,
    EndTime: now,
    ...activity,
  } as ScalingActivity;
  appendBounded(account.applicationAutoScaling.activities, recorded, RECORDED.activities);
}
