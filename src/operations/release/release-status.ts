import type { Service } from "@aws-sdk/client-ecs";
import { otherColor, type Color } from "../../bluegreen/colors.js";
import type { ScheduledStop } from "../../bluegreen/keep-old.js";
import type { ColorState, ReleaseState } from "../../bluegreen/release-state.js";
import type { ColorStatus, ReleaseStatus } from "../results.js";

/** The public status of a blue/green deployment. */
export function releaseStatus({ blue, green, live }: ReleaseState, stop?: ScheduledStop): ReleaseStatus {
  const color: Color | undefined = live === "rolling" ? undefined : live;
  const colors = { blue: colorStatus(blue), green: colorStatus(green) };
  const other = color && otherColor(color);
  const isKept = stop !== undefined && other !== undefined && (colors[other]?.tasks.desired ?? 0) > 0;
  return {
    live: color,
    idle: other && colors[other] && other,
    weights: { blue: shareOf(blue), green: shareOf(green) },
    colors,
    keptUntil: isKept ? stop.at : undefined,
    stopOverdue: isKept && stop.isDue,
  };
}

/** Before the first version is verified, the rule forwards to a color that has no service. */
const shareOf = ({ service, weight }: ColorState): number => (service === undefined ? 0 : weight);

function colorStatus({ service, serviceName, release }: ColorState): ColorStatus | undefined {
  if (service === undefined) return undefined;
  const { taskDefinition = "" } = service;
  return { service: serviceName, release: release ?? 0, taskDefinition, tasks: tasksOf(service) };
}

export const tasksOf = (service: Service): ColorStatus["tasks"] => ({
  desired: service.desiredCount ?? 0,
  running: service.runningCount ?? 0,
  pending: service.pendingCount ?? 0,
});
