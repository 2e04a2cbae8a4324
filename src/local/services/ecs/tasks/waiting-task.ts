import type { TaskRecord } from "../state.js";

/**
 * True if a task is PROVISIONING without an instance, because its capacity provider has no capacity yet. ECS
 * emits no event for it.
 */
export const isWaiting = ({ pendingPlacement, description }: TaskRecord): boolean =>
  pendingPlacement !== undefined && description.desiredStatus === "RUNNING";
