import type { Plan } from "../engine/plan.js";
import type { ActOptions, Described } from "./actions.js";
import { edgesOf, makePlan } from "./make-plan.js";
import { planWarnings } from "./plan-warnings.js";
import { prepare } from "./prepare.js";
import { run } from "./run.js";

/** What a deploy would do: the deploy's own way, stopped before anything is changed. */
export function plan(described: Described, options: ActOptions = {}): Promise<Plan> {
  return run(described, options, async (context) => {
    const prepared = await prepare(described, options, context);
    return makePlan(prepared.changes, edgesOf(prepared.graph), [
      ...planWarnings(prepared.changes),
      ...prepared.warnings,
    ]);
  });
}
