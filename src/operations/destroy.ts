import type { AwsContext } from "../aws/context.js";
import { ownerOf } from "../aws/owner.js";
import { COLORS, colorService, colorTargetGroup, inColor } from "../bluegreen/colors.js";
import { deploymentGraph, type ServiceToPlan } from "../graph/deployment-graph.js";
import { ownerGraph } from "../graph/owner-graph.js";
import { stopTasks } from "../job/stop-tasks.js";
import { describeServices } from "../service/describe-services.js";
import type { DeploymentSpec } from "../spec/deployment-spec.js";
import { destroyGraph, lookAheadOfDestroy } from "./destroy-graph.js";
import { isBlueGreen } from "./release/prepare-release.js";
import type { Destroyed, DestroyOptions } from "./results.js";
import { discover } from "./named/discover.js";
import { noteDeployment } from "./named/note-deployment.js";
import { withContext } from "./with-context.js";
import type { Described } from "./with-deployment.js";

/**
 * Deletes the resources with the deployment's tags, and its cluster and load balancer if they have no other
 * users. Never anything else.
 */
export function destroy(described: Described, options: DestroyOptions = {}): Promise<Destroyed> {
  if (!("named" in described))
    return withContext(described, options, (context) => destroyDeployment(described.spec, context));
  const { named: name, cloud } = described;
  return withContext({ spec: { name }, overrides: {}, cloud }, options, async (context) => {
    const { spec, exists } = await discover(name, context);
    if (!exists) return destroyGraph(ownerGraph(spec), context);
    await noteDeployment(spec, context);
    return destroyDeployment(spec, context);
  });
}

function destroyDeployment(spec: DeploymentSpec, context: AwsContext): Promise<Destroyed> {
  return destroyDeployments([spec], () => stopOneOffTasks(spec, context), context);
}

/** Destroys deployments in one run. */
export async function destroyDeployments(
  specs: readonly DeploymentSpec[],
  stopTasksOfAll: () => Promise<unknown>,
  context: AwsContext,
): Promise<Destroyed> {
  const graphOf = async (own: AwsContext) =>
    (await deploymentGraph(specs.map(serviceToDestroy), own, "destroy")).graph;
  const ahead = lookAheadOfDestroy(graphOf, context);
  const graph = await Promise.all([stopTasksOfAll(), findColors(specs, context)])
    .then(() => graphOf(context))
    .catch(async (error: unknown) => {
      await ahead;
      throw error;
    });
  return destroyGraph(graph, context, ahead);
}

/** Stops the tasks of `run()` and `beforeRelease()`. */
export const stopOneOffTasks = (spec: DeploymentSpec, context: AwsContext): Promise<void> =>
  stopTasks({ cluster: spec.cluster.name, family: spec.name, owner: ownerOf.deployment(spec.name) }, context);

/** Finds the services of both colors by name: the tagging API may not know the newer one yet. */
async function findColors(specs: readonly DeploymentSpec[], context: AwsContext): Promise<void> {
  const inColors = specs.filter(isBlueGreen);
  await Promise.all(
    inColors.map((spec) =>
      describeServices(
        spec.cluster.name,
        COLORS.map((color) => colorService(spec, color)),
        context,
      ),
    ),
  );
}

/** The service with everything that it can have. With two colors, the other one's service is found by its tags. */
function serviceToDestroy(spec: DeploymentSpec): ServiceToPlan {
  if (!isBlueGreen(spec)) return { spec };
  const keepOld = spec.blueGreen.keepOld === undefined ? undefined : { spec, isScaled: true };
  return { spec: inColor(spec, "blue"), variant: { standby: [colorTargetGroup(spec, "green")], keepOld } };
}
