import type { QuaysideEvent } from "../engine/events.js";

export type Rollout = Extract<QuaysideEvent, { type: "rollout" }>;

const successes: ReadonlySet<string> = new Set(["COMPLETED", "SUCCESSFUL"]);
const failures: ReadonlySet<string> = new Set([
  "FAILED",
  "STOPPED",
  "ROLLBACK_SUCCESSFUL",
  "ROLLBACK_FAILED",
]);

/** The result of a rollout; `undefined` while it is in progress. */
export const rolloutEnd = ({ status }: Rollout): "success" | "failure" | undefined => rolloutEndOf(status);

export function rolloutEndOf(status: string): "success" | "failure" | undefined {
  if (successes.has(status)) return "success";
  return failures.has(status) ? "failure" : undefined;
}

/** `in progress, 1 of 2 running, 1 pending, 1 healthy`. */
export function rolloutText(rollout: Rollout): string {
  const parts = [
    rollout.status.toLowerCase().replaceAll("_", " "),
    `${rollout.running} of ${rollout.desired} running`,
    ...(rollout.pending > 0 ? [`${rollout.pending} pending`] : []),
    ...(rollout.healthyTargets === undefined ? [] : [`${rollout.healthyTargets} healthy`]),
    ...(rollout.failed > 0 ? [`${rollout.failed} failed`] : []),
  ];
  return parts.join(", ");
}
