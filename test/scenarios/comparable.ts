import type { LocalCloud } from "../../src/local/index.js";

/**
 * What must be the same: everything but the numbers of task definition revisions, of which a repeated
 * request leaves one more (there is no token for it), and what AWS keeps for itself.
 */
export function comparable(cloud: LocalCloud): unknown {
  const { taskDefinitions, serviceLinkedRoles: _roles, tasks, ...state } = cloud.state();
  const families = [...new Set(Object.keys(taskDefinitions).map((name) => name.replace(/:\d+$/, "")))];
  return JSON.parse(
    JSON.stringify({ ...state, families, tasks: tasks.length })
      .replaceAll(/([a-z]+-service|nightly-report):\d+"/g, '$1:n"')
      // When something is to happen follows from when the run that planned it was.
      .replaceAll(/at\(\d{4}-[^)]+\)/g, "at(…)"),
  );
}
