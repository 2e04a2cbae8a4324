import type { TaskRecord } from "../state.js";

/** PROVISIONING without an instance: its capacity provider has no room yet. ECS says nothing of it. */
export const isWaiting = ({ waitsFor, description }: TaskRecord): boolean =>
  waitsFor !== undefined && description.desiredStatus === "RUNNING";
