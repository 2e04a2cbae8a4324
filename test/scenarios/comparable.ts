import type { CloudState, LocalCloud } from "../../src/local/index.js";

/**
 * What must be the same: everything but the numbers of task definition revisions, of which a repeated
 * request leaves one more (there is no token for it), and what AWS keeps for itself.
 */
export function comparable(cloud: LocalCloud): unknown {
  const { taskDefinitions, serviceLinkedRoles: _roles, tasks, ...state } = withoutZoneNames(cloud.state());
  const families = [...new Set(Object.keys(taskDefinitions).map((name) => name.replace(/:\d+$/, "")))];
  return JSON.parse(
    JSON.stringify({ ...state, families, tasks: tasks.length })
      .replaceAll(/([a-z]+-service|nightly-report):\d+"/g, '$1:n"')
      .replaceAll(/(?<="ScheduleExpression":")at\(([^)]+)\)/g, (_, moment: string) =>
        sinceTheMove(cloud, moment),
      ),
  );
}

/**
 * The state with the zones of instances as numbers: how they are spread is compared, and not which zone Auto
 * Scaling chose, which depends on the launches that failed before.
 */
function withoutZoneNames(state: CloudState): CloudState {
  const present = state.instances;
  const zones = [...new Set(present.map(({ zone }) => zone))];
  const numberOf = (zone: string): string => `zone ${zones.indexOf(zone) + 1}`;
  const instances = present.map((each) => ({ ...each, zone: numberOf(each.zone) }));
  const networkInterfaces = state.networkInterfaces.map((each) => {
    if (each.description === "") return { ...each, subnetId: numberOf(each.subnetId.split(" ")[0] ?? "") };
    // ECS chooses one of the service's subnets for each task.
    return each.requester === "amazon-ecs" ? { ...each, subnetId: "one of the service's" } : each;
  });
  return { ...state, instances, networkInterfaces };
}

const HOUR = 3_600_000;

/**
 * When EventBridge stops the old color, in hours since its traffic moved: the move is later where a fault
 * delays the run, and with it the end. Half an hour is more than any run takes, and less than any mistake.
 */
function sinceTheMove(cloud: LocalCloud, moment: string): string {
  const moved = cloud.calls.findLast(
    ({ operation, error }) => operation === "modifyRule" && error === undefined,
  );
  if (moved === undefined) return `at(${moment})`;
  return `at(${Math.round((Date.parse(`${moment}Z`) - moved.at) / HOUR)} hours after the move)`;
}
