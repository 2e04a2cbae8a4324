import type { AwsContext } from "../aws/context.js";
import type { Plan } from "../engine/plan.js";
import { createPlan, edgesOf } from "./plan/create-plan.js";
import { planDeployment } from "./plan/plan-deployment.js";
import type { PlannedGraph } from "./plan/plan-graph.js";
import { scopeOf } from "./plan/plan-scope.js";
import type { ClusterSpec } from "../spec/cluster.js";
import type { Configured, OperationOptions } from "./results.js";
import { blockedWarning, planWarnings } from "./warnings/plan-warnings.js";
import { hostWarnings } from "./warnings/host-warnings.js";
import { routeWarnings } from "./warnings/route-warnings.js";
import { scalingWarnings } from "./warnings/scaling-warnings.js";
import { withContext } from "./with-context.js";

/** Plans a deploy: the same steps as `deploy()`, without applying them. */
export function plan(described: Configured, options: OperationOptions = {}): Promise<Plan> {
  return withContext(described, options, (context) =>
    planWithWarnings(() => planDeployment(described, options, context), context, [described.spec.cluster]),
  );
}

/** The plan as the user gets it; what its warnings need is asked beside it. */
export async function planWithWarnings(
  plan: () => Promise<PlannedGraph>,
  context: AwsContext,
  clusters: readonly ClusterSpec[],
): Promise<Plan> {
  const [planned] = await Promise.all([plan(), hostWarnings(clusters, [], context).catch(() => {})]);
  return planOf(planned, context, clusters);
}

/** The plan as the user gets it, with its warnings. */
async function planOf(
  planned: PlannedGraph,
  context: AwsContext,
  clusters: readonly ClusterSpec[],
): Promise<Plan> {
  const { graph, changes } = planned;
  const [ofRoutes, ofHosts] = await Promise.all([
    routeWarnings(planned, context),
    hostWarnings(clusters, changes, context),
  ]);
  const warnings = [
    ...planWarnings(changes),
    ...planned.warnings,
    ...planned.blocked.map(blockedWarning),
    ...scalingWarnings(planned),
    ...ofRoutes,
    ...ofHosts,
  ];
  return createPlan(changes, edgesOf(graph), warnings, await scopeOf(context));
}
