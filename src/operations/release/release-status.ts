import type { Service } from "@aws-sdk/client-ecs";
import { otherColour, type Colour } from "../../bluegreen/colors.js";
import type { ColourState, ReleaseState } from "../../bluegreen/release-state.js";
import type { ColourStatus, ReleaseStatus } from "../results.js";

/** A blue/green deployment as its user sees it. */
export function releaseStatus({ blue, green, live }: ReleaseState, keptUntil?: Date): ReleaseStatus {
  const colour: Colour | undefined = live === "rolling" ? undefined : live;
  const colours = { blue: colourStatus(blue), green: colourStatus(green) };
  const other = colour && otherColour(colour);
  return {
    live: colour,
    idle: other && colours[other] && other,
    weights: { blue: shareOf(blue), green: shareOf(green) },
    colours,
    keptUntil,
  };
}

/** Before the first version is verified, the requests lead to a colour that has no service. */
const shareOf = ({ service, weight }: ColourState): number => (service === undefined ? 0 : weight);

function colourStatus({ service, serviceName, release }: ColourState): ColourStatus | undefined {
  if (service === undefined) return undefined;
  const { taskDefinition = "" } = service;
  return { service: serviceName, release: release ?? 0, taskDefinition, tasks: tasksOf(service) };
}

export const tasksOf = (service: Service): ColourStatus["tasks"] => ({
  desired: service.desiredCount ?? 0,
  running: service.runningCount ?? 0,
  pending: service.pendingCount ?? 0,
});
