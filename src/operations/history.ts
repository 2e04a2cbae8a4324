import type { AwsContext } from "../aws/context.js";
import { ownerOf } from "../aws/owner.js";
import { inColor, otherColor } from "../bluegreen/colors.js";
import { newerIdle, readRelease } from "../bluegreen/release-state.js";
import { releases, type Release, type ReleaseState } from "../service/task-definition/releases.js";
import type { DeploymentSpec } from "../spec/deployment-spec.js";
import { isBlueGreen } from "./release/prepare-release.js";
import type { OperationOptions } from "./results.js";
import { withDeployment, type Described } from "./with-deployment.js";

export type { Release, ReleaseState };

/** Returns the releases that can be rolled back to, newest first. Changes nothing. */
export const history = (described: Described, options: OperationOptions = {}): Promise<readonly Release[]> =>
  withDeployment(described, options, ({ spec }, context) => releasesOf(spec, context));

/** With blue/green, only the color that gets the traffic is live; the other is superseded. */
export async function releasesOf(spec: DeploymentSpec, context: AwsContext): Promise<Release[]> {
  if (!isBlueGreen(spec)) return releasesOfService(spec, context);
  const state = await readRelease(spec, context);
  const { live } = state;
  const heldColor = newerIdle(state);
  const held = heldColor && state[heldColor].service?.taskDefinition;
  const withHeld = (each: Release): Release =>
    each.taskDefinition === held &&
    (each.state === "live" || each.state === "unknown" || each.state === "superseded")
      ? { ...each, state: "held" }
      : each;
  if (live === "rolling") return (await releasesOfService(spec, context)).map(withHeld);
  const serving = live ?? "blue";
  const [current, others] = await Promise.all(
    [serving, otherColor(serving)].map((color) => releasesOfService(inColor(spec, color), context)),
  );
  const states = new Map(others!.map(({ id, state }) => [id, state === "live" ? "superseded" : state]));
  return current!
    .map((each) => ({
      ...each,
      state: each.state === "unknown" ? (states.get(each.id) ?? each.state) : each.state,
    }))
    .map(withHeld);
}

const releasesOfService = (spec: DeploymentSpec, context: AwsContext): Promise<Release[]> =>
  releases(
    {
      family: spec.name,
      owner: ownerOf.deployment(spec.name),
      container: spec.container.name,
      clusterName: spec.cluster.name,
      serviceName: spec.service.name,
    },
    context,
  );
