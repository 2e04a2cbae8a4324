import type { AwsContext } from "../aws/context.js";
import type { Plan } from "../engine/plan.js";
import { edgesOf, makePlan } from "./plan/create-plan.js";
import { prepare } from "./plan/plan-deployment.js";
import type { PreparedGraph } from "./plan/plan-graph.js";
import type { ActOptions, Described } from "./results.js";
import { heldWarning, planWarnings } from "./warnings/plan-warnings.js";
import { routeWarnings } from "./warnings/route-warnings.js";
import { scalingWarnings } from "./warnings/scaling-warnings.js";
import { run } from "./with-context.js";

/** What a deploy would do: the deploy's own way, stopped before anything is changed. */
export function plan(described: Described, options: ActOptions = {}): Promise<Plan> {
  return run(described, options, async (context) =>
    planOf(await prepare(described, options, context), context),
  );
}

/** What was prepared, as the user gets it, with what he should know before it runs. */
export async function planOf(prepared: PreparedGraph, context: AwsContext): Promise<Plan> {
  const { graph, changes } = prepared;
  const warnings = [
    ...planWarnings(changes),
    ...prepared.warnings,
    ...prepared.held.map(heldWarning),
    ...scalingWarnings(prepared),
    ...(await routeWarnings(prepared, context)),
  ];
  return makePlan(changes, edgesOf(graph), warnings);
}
