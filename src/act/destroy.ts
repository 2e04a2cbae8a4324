import { colourTargetGroup, inColour } from "../bluegreen/colours.js";
import { observe } from "../engine/observe.js";
import { planRemovals, removeAll } from "../engine/remove.js";
import type { DeploymentSpec } from "../spec/deployment-spec.js";
import type { Described, Destroyed, DestroyOptions } from "./actions.js";
import { deploymentGraph } from "./deployment-graph.js";
import { leftoversOfDestroy } from "./leftovers.js";
import { isBlueGreen } from "./prepare-release.js";
import { run } from "./run.js";
import type { ServiceRole } from "./service-nodes.js";

/**
 * Deletes what carries the deployment's tags, and the cluster and load balancer that it shared once
 * nobody else uses them. Never anything else.
 */
export function destroy(described: Described, options: DestroyOptions = {}): Promise<Destroyed> {
  const { spec, cloud } = described;
  return run(described, options, async (context) => {
    const { graph } = isBlueGreen(spec)
      ? await deploymentGraph(inColour(spec, "blue"), context, "destroy", { role: bothGroups(spec) })
      : await deploymentGraph(spec, context, "destroy");
    const observations = await observe(graph, context, "optional");
    const leftovers = await leftoversOfDestroy(graph, observations, context);
    const { removals, kept } = await planRemovals(graph, observations, leftovers, context);
    context.emit({
      type: "planned",
      at: cloud.clock.now(),
      create: 0,
      update: 0,
      delete: removals.length,
      none: kept.length,
    });
    const gone = await removeAll(removals, context);
    return { deleted: gone.map(({ kind, name }) => ({ resource: kind.kind, name })), kept };
  });
}

/** The other colour's service is found by its tags. */
const bothGroups = (spec: DeploymentSpec): ServiceRole => ({ standby: [colourTargetGroup(spec, "green")] });
