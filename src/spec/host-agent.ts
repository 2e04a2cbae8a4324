import { formatValue } from "./parsing/format-value.js";
import type { OptionsReader } from "./parsing/options-reader.js";

/** What quayside sets by itself. */
const RESERVED = new Map([
  ["ECS_CLUSTER", "is the cluster itself"],
  ["ECS_ENABLE_SPOT_INSTANCE_DRAINING", "is set by spot"],
]);

/**
 * The settings of Bottlerocket's `settings.ecs` for the agent's variables, and how their values are written.
 * Source: Bottlerocket documentation, "settings.ecs".
 */
export const BOTTLEROCKET_AGENT: Readonly<Record<string, readonly [string, "text" | "raw"]>> = Object.freeze({
  ECS_IMAGE_PULL_BEHAVIOR: ["image-pull-behavior", "text"],
  ECS_CONTAINER_STOP_TIMEOUT: ["container-stop-timeout", "text"],
  ECS_ENGINE_TASK_CLEANUP_WAIT_DURATION: ["task-cleanup-wait", "text"],
  ECS_IMAGE_CLEANUP_INTERVAL: ["image-cleanup-wait", "text"],
  ECS_IMAGE_MINIMUM_CLEANUP_AGE: ["image-cleanup-age", "text"],
  ECS_NUM_IMAGES_DELETE_PER_CYCLE: ["image-cleanup-delete-per-cycle", "raw"],
  ECS_RESERVED_MEMORY: ["reserved-memory", "raw"],
  ECS_AVAILABLE_LOGGING_DRIVERS: ["logging-drivers", "raw"],
  ECS_ENABLE_CONTAINER_METADATA: ["enable-container-metadata", "raw"],
  ECS_LOGLEVEL: ["loglevel", "text"],
  ECS_BACKEND_HOST: ["backend-host", "text"],
});

/** Values of `ecs.config`, without what would end the line or the shell's quotes. */
const VALUE = /^[\x20-\x7e]+$/;

export function parseAgent(
  options: OptionsReader<{ readonly agent?: unknown }>,
  os: string | undefined,
): Readonly<Record<string, string>> {
  const agent = options.map("agent") ?? {};
  for (const [name, value] of Object.entries(agent)) {
    const path = `agent.${name}` as "agent";
    if (!/^ECS_[A-Z0-9_]+$/.test(name))
      options.issue(path, "must be a variable of the ECS agent, ECS_…, such as ECS_IMAGE_PULL_BEHAVIOR");
    const why = RESERVED.get(name);
    if (why !== undefined) options.issue(path, `cannot be set: it ${why}`);
    if (!VALUE.test(value) || value.includes("'"))
      options.issue(path, `must be one line of ASCII without single quotes; got ${formatValue(value)}`);
    if (os === "bottlerocket" && BOTTLEROCKET_AGENT[name] === undefined)
      options.issue(
        path,
        `is not a setting of Bottlerocket, which has ${Object.keys(BOTTLEROCKET_AGENT).join(", ")}`,
      );
  }
  return agent;
}
