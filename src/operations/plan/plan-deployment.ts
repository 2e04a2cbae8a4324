import type { AwsContext } from "../../aws/context.js";
import { RELEASE_TAG } from "../../bluegreen/colors.js";
import { readRelease } from "../../bluegreen/release-state.js";
import type { ServiceVariant } from "../../graph/service-graph.js";
import type { DeploymentSpec } from "../../spec/deployment-spec.js";
import { clamp, isBlueGreen, prepareRelease, type PreparedRelease } from "../release/prepare-release.js";
import type { Configured, DeployOptions } from "../results.js";
import { planService, type PlannedService } from "./plan-service.js";

/** Everything that a run will do with a deployment: `plan()` shows it, `deploy()` applies it. */
export interface PlannedDeployment extends PlannedService {
  /** Only with blue/green: the color that is deployed, and what happens to the traffic. */
  readonly release?: PreparedRelease | undefined;
  /** True if it was a blue/green deployment until now. */
  readonly isReturning?: boolean | undefined;
}

export const planDeployment = (
  { spec, verify }: Configured,
  options: DeployOptions,
  context: AwsContext,
): Promise<PlannedDeployment> =>
  isBlueGreen(spec)
    ? prepareRelease(spec, options, { hasVerify: verify !== undefined }, context)
    : planRolling(spec, options, context);

/** Plans a service that ECS updates in place. If it replaces the colors of a blue/green deployment, it starts as large as they are. */
async function planRolling(
  spec: DeploymentSpec,
  options: DeployOptions,
  context: AwsContext,
): Promise<PlannedDeployment> {
  const planned = await planService({ spec }, options, context);
  const fromColors = planned.removals.some(({ tags }) => RELEASE_TAG in tags);
  if (!fromColors || spec.route === undefined) return planned;
  const { live, ...state } = await readRelease(spec, context);
  const serving = live !== undefined && live !== "rolling" ? state[live].service : undefined;
  const returning = { ...planned, isReturning: true };
  if (serving?.desiredCount === undefined) return returning;
  const tasks = Math.max(clamp(serving.desiredCount, { ...spec.scaling }), spec.service.desired ?? 0);
  // Until it gets the traffic, its scaling would see no load and scale it in.
  const variant: ServiceVariant = { count: { tasks, rule: "at-least" }, scaling: { scaleIn: "suspended" } };
  return { ...returning, ...(await planService({ spec, variant }, options, context)) };
}
