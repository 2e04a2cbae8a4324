import type { TaskRecord } from "../state.js";

/** The task's own health: that of its essential containers with a health check; `undefined` if none has one. */
export function healthOf({
  description,
  taskDefinition,
}: TaskRecord): "HEALTHY" | "UNHEALTHY" | "UNKNOWN" | undefined {
  const checked = (taskDefinition.description.containerDefinitions ?? []).filter(
    ({ essential, healthCheck }) => essential !== false && healthCheck !== undefined,
  );
  if (checked.length === 0) return undefined;
  const states = checked.map(
    ({ name }) => description.containers?.find((each) => each.name === name)?.healthStatus,
  );
  if (states.includes("UNHEALTHY")) return "UNHEALTHY";
  return states.every((state) => state === "HEALTHY") ? "HEALTHY" : "UNKNOWN";
}
