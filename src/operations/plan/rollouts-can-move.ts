import { QuaysideError } from "../../errors.js";
import type { ScalableTargetDesired } from "../../scaling/scalable-target.js";
import type { ServiceDesired } from "../../service/service-desired.js";
import type { ServiceState } from "../../service/service-state.js";
import { beginsRollout } from "../../service/service-update.js";
import { isStuck, stuckWith } from "../../spec/rolling.js";
import type { PlannedGraph } from "./plan-graph.js";

/**
 * Throws if a service has so few tasks that its limits prevent the rollout, which would end only with the run's
 * timeout. The described numbers are checked with the description; this is the one that the service has now.
 */
export function assertRolloutsCanMove({
  steps,
  observations,
}: Pick<PlannedGraph, "steps" | "observations">): void {
  for (const { node, action, change } of steps) {
    if (node.kind.kind !== "service" || action !== "update" || !beginsRollout(change.fields)) continue;
    const { desired, observed } = observations.get(node.id)!;
    const service = desired as ServiceDesired;
    const { desiredCount = 0 } = (observed?.state ?? {}) as Partial<ServiceState>;
    const target = [...observations.values()].find(
      (each) =>
        each.node.kind.kind === "scalable-target" &&
        (each.desired as ScalableTargetDesired).serviceName === service.serviceName &&
        (each.desired as ScalableTargetDesired).clusterName === service.cluster,
    )?.desired as ScalableTargetDesired | undefined;
    const now = service.desiredCount ?? desiredCount;
    const count = target === undefined ? now : Math.min(target.max, Math.max(target.min, now));
    const { minimumHealthyPercent, maximumPercent } = service.deploymentConfiguration;
    const limits = { minHealthyPercent: minimumHealthyPercent, maxPercent: maximumPercent };
    if (!isStuck(count, limits)) continue;
    throw new QuaysideError(
      "deployment-blocked",
      `Nothing was changed: the rollout of service ${service.serviceName} could never end: ${stuckWith(count, limits)}`,
      {
        facts: { service: service.serviceName, cluster: service.cluster, count, ...limits },
        fix: "Decrease minHealthyPercent or increase maxPercent: .service({ rolling: { minHealthyPercent, maxPercent } }). Or run more tasks: .service({ desired }).",
      },
    );
  }
}
