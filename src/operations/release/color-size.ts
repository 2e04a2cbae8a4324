import type { AwsContext } from "../../aws/context.js";
import type { Colour } from "../../bluegreen/colors.js";
import type { ReleaseState } from "../../bluegreen/release-state.js";
import { describeTargets, resourceIdOf } from "../../scaling/owned-targets.js";
import type { DeploymentSpec } from "../../spec/deployment-spec.js";
import { scheduledBounds } from "../../spec/scheduled-bounds.js";
import type { ScalingRole } from "../../graph/scaling-graph.js";
import type { ServiceRole } from "../../graph/service-graph.js";

/**
 * What a colour is to be that comes up beside the one that serves: as large as that one is now, and not
 * scaled in until it has all of the requests.
 */
export async function sizeOfNew(
  spec: DeploymentSpec,
  state: ReleaseState,
  target: Colour,
  context: AwsContext,
): Promise<Pick<ServiceRole, "count" | "scaling">> {
  const { live, rolling } = state;
  const before = live === "rolling" ? rolling : live && state[live].service;
  if (before === undefined) return { scaling: { scaleIn: "on" } };
  const bounds = await boundsNow(spec, before.serviceName ?? "", context);
  const tasks = before.desiredCount || spec.service.desired;
  // What has requests already may have grown under them.
  const rule = state[target].weight > 0 ? "at-least" : "exactly";
  return {
    count: tasks === undefined ? undefined : { tasks: within(tasks, { ...spec.scaling, ...bounds }), rule },
    scaling: { scaleIn: "suspended", bounds },
  };
}

/** The bounds that a schedule has given to the service, which it will not give once more to another one. */
async function boundsNow(
  { scaling, cluster }: DeploymentSpec,
  service: string,
  context: AwsContext,
): Promise<ScalingRole["bounds"]> {
  const scheduled = scheduledBounds(scaling?.schedule ?? []);
  if (scaling === undefined || scheduled === undefined) return undefined;
  const [target] = await describeTargets([resourceIdOf(cluster.name, service)], context);
  const max = scheduled.max.find((each) => each === target?.MaxCapacity) ?? scaling.max;
  const min = scheduled.min.find((each) => each === target?.MinCapacity) ?? scaling.min;
  return { min: Math.min(min, max), max };
}

export const within = (
  tasks: number,
  { min = 0, max = Infinity }: { readonly min?: number; readonly max?: number },
): number => Math.min(max, Math.max(min, tasks));
