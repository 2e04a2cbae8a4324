import type { AwsContext } from "../../aws/context.js";
import { RELEASE_TAG } from "../../bluegreen/colors.js";
import { readRelease } from "../../bluegreen/release-state.js";
import type { ServiceVariant } from "../../graph/service-graph.js";
import type { DeploymentSpec } from "../../spec/deployment-spec.js";
import { clamp, isBlueGreen, prepareRelease, type PreparedRelease } from "../release/prepare-release.js";
import type { Configured, DeployOptions } from "../results.js";
import { planService, type PlannedService } from "./plan-service.js";

/** Everything that a run will do with a deployment: `plan()` shows it, `deploy()` carries it out. */
export interface PlannedDeployment extends PlannedService {
  /** Of a blue/green deployment: which color the changes are for, and what then happens to the traffic. */
  readonly release?: PreparedRelease | undefined;
  /** Colors serve, or were about to, until it does. */
  readonly isReturning?: boolean | undefined;
}

export const planDeployment = (
  { spec, verify }: Configured,
  options: DeployOptions,
  context: AwsContext,
): Promise<PlannedDeployment> =>
  isBlueGreen(spec)
    ? prepareRelease(spec, options, { isVerified: verify !== undefined }, context)
    : planRolling(spec, options, context);

/** One service, which is rolled over in place. If colors serve until it is there, it comes as large as they are. */
async function planRolling(
  spec: DeploymentSpec,
  options: DeployOptions,
  context: AwsContext,
): Promise<PlannedDeployment> {
  const planned = await planService({ spec }, options, context);
  const fromColors = planned.leftovers.some(({ tags }) => RELEASE_TAG in tags);
  if (!fromColors || spec.route === undefined) return planned;
  const { live, ...state } = await readRelease(spec, context);
  const serves = live !== undefined && live !== "rolling" ? state[live].service : undefined;
  const returning = { ...planned, isReturning: true };
  if (serves?.desiredCount === undefined) return returning;
  const tasks = Math.max(clamp(serves.desiredCount, { ...spec.scaling }), spec.service.desired ?? 0);
  // Until it has the requests, its scaling would see nothing to do.
  const variant: ServiceVariant = { count: { tasks, rule: "at-least" }, scaling: { scaleIn: "suspended" } };
  return { ...returning, ...(await planService({ spec, variant }, options, context)) };
}
