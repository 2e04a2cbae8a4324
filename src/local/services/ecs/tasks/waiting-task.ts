import type { TaskRecord } from "../state.js";

/**
 * True if a task is PROVISIONING without an instance, because its capacity provider has no capacity yet. ECS
 * emits no event for it.
 */
export const isWaiting = ({ waitsFor, description }: TaskRecord): boolean =>
  waitsFor !== undefined && description.desiredStatus === "RUNNING";
