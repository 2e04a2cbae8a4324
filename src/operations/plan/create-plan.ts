import type { QuaysideEvent } from "../../engine/events.js";
import type { Graph } from "../../engine/graph.js";
import type { RunContext } from "../../engine/kind.js";
import type { Change, Plan, PlanScope } from "../../engine/plan.js";
import { planToJson } from "../../report/plan-json.js";
import { planToMarkdown } from "../../report/plan-markdown.js";
import { planToMermaid, type Edge } from "../../report/plan-mermaid.js";
import { planToText } from "../../report/plan-text.js";

/** The plan as the user gets it: the changes, and methods that format them. */
export function createPlan(
  changes: readonly Change[],
  edges: readonly Edge[],
  warnings: readonly string[],
  scope: PlanScope,
): Plan {
  return Object.freeze({
    ...scope,
    changes,
    warnings,
    isEmpty: changes.every((change) => change.action === "none"),
    toString: () => planToText(changes, warnings, scope),
    toJSON: () => planToJson(changes, warnings, scope),
    toMermaid: () => planToMermaid(changes, edges, scope),
    toMarkdown: () => planToMarkdown(changes, edges, warnings, scope),
  });
}

export const edgesOf = <Context extends RunContext>(graph: Graph<Context>): Edge[] =>
  graph.nodes.flatMap((node) => node.needs.map(([, need]): Edge => [node.id, need.ref.id]));

/** The event with the whole plan, for reports; as JSON it is as short as before. */
export const withPlan = (event: Extract<QuaysideEvent, { type: "planned" }>, plan: Plan): QuaysideEvent =>
  Object.defineProperty(event, "plan", { value: plan });
