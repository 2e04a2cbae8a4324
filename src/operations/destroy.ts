import type { AwsContext } from "../aws/context.js";
import { ownerOf } from "../aws/owner.js";
import { colorTargetGroup, inColor } from "../bluegreen/colors.js";
import { deploymentGraph } from "../graph/deployment-graph.js";
import type { ServiceVariant } from "../graph/service-graph.js";
import { stopTasks } from "../job/stop-tasks.js";
import type { DeploymentSpec } from "../spec/deployment-spec.js";
import { destroyGraph } from "./destroy-graph.js";
import { isBlueGreen } from "./release/prepare-release.js";
import type { Configured, Destroyed, DestroyOptions } from "./results.js";
import { withContext } from "./with-context.js";

/**
 * Deletes what carries the deployment's tags, and the cluster and load balancer that it shared once
 * nobody else uses them. Never anything else.
 */
export function destroy(described: Configured, options: DestroyOptions = {}): Promise<Destroyed> {
  return withContext(described, options, async (context) => {
    const { spec, role } = graphToDestroy(described.spec);
    await stopOneOffTasks(described.spec, context);
    const { graph } = await deploymentGraph(spec, context, "destroy", { role });
    return destroyGraph(graph, context);
  });
}

/** Those of `run()` and `beforeRelease()`. */
export const stopOneOffTasks = (spec: DeploymentSpec, context: AwsContext): Promise<void> =>
  stopTasks({ cluster: spec.cluster.name, family: spec.name, owner: ownerOf.deployment(spec.name) }, context);

/** A deployment with all that it can have: of two colors the other one's service is found by its tags. */
export function graphToDestroy(spec: DeploymentSpec): {
  readonly spec: DeploymentSpec;
  readonly role: ServiceVariant;
} {
  if (!isBlueGreen(spec)) return { spec, role: {} };
  const keepOld = spec.blueGreen.keepOld === undefined ? undefined : { spec, isScaled: true };
  return { spec: inColor(spec, "blue"), role: { standby: [colorTargetGroup(spec, "green")], keepOld } };
}
