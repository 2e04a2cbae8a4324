import type { AwsContext } from "../aws/context.js";
import type { Plan } from "../engine/plan.js";
import { createPlan, edgesOf } from "./plan/create-plan.js";
import { planDeployment } from "./plan/plan-deployment.js";
import type { PlannedGraph } from "./plan/plan-graph.js";
import type { Configured, OperationOptions } from "./results.js";
import { heldWarning, planWarnings } from "./warnings/plan-warnings.js";
import { routeWarnings } from "./warnings/route-warnings.js";
import { scalingWarnings } from "./warnings/scaling-warnings.js";
import { withContext } from "./with-context.js";

/** What a deploy would do: the deploy's own way, stopped before anything is changed. */
export function plan(described: Configured, options: OperationOptions = {}): Promise<Plan> {
  return withContext(described, options, async (context) =>
    planOf(await planDeployment(described, options, context), context),
  );
}

/** What was prepared, as the user gets it, with what he should know before it runs. */
export async function planOf(prepared: PlannedGraph, context: AwsContext): Promise<Plan> {
  const { graph, changes } = prepared;
  const warnings = [
    ...planWarnings(changes),
    ...prepared.warnings,
    ...prepared.held.map(heldWarning),
    ...scalingWarnings(prepared),
    ...(await routeWarnings(prepared, context)),
  ];
  return createPlan(changes, edgesOf(graph), warnings);
}
