import type { AwsContext } from "../../aws/context.js";
import { waitUntilSettled } from "../../aws/unsettled-changes.js";
import type { Graph, Node } from "../../engine/graph.js";
import { withoutCreated, withoutObserved } from "../../engine/leftovers.js";
import { observe, type Observations } from "../../engine/observe.js";
import type { Change } from "../../engine/plan.js";
import { splitBlocked, splitRetained } from "../../engine/kept-removals.js";
import { removalChange } from "../../engine/remove.js";
import type { Kept, Removal } from "../../engine/removal.js";
import { shownChange } from "../../engine/sensitive.js";
import { planSteps, type Step } from "../../engine/steps.js";
import { placesLeft } from "../places.js";
import { inRuleOrder, withoutRulesLeft } from "./rule-order.js";
import { planPriorities } from "./rule-priorities.js";
import { removalsOfDeploy, type DescribedOwners } from "../removals.js";
import type { OperationOptions } from "../results.js";

/** Everything that a run will do: `plan()` shows it, `deploy()` applies it. */
export interface PlannedGraph {
  readonly graph: Graph<AwsContext>;
  readonly observations: Observations<AwsContext>;
  readonly steps: readonly Step<AwsContext>[];
  /** Resources that are no longer described or used: they are deleted once their replacements work. */
  readonly removals: readonly Removal<AwsContext>[];
  /** Resources that are no longer described either, but are kept for now: others refer to them. */
  readonly blocked: readonly Kept[];
  readonly changes: readonly Change[];
  readonly warnings: readonly string[];
  /** In a run for several deployments: the one that a warning is about. @defaultValue all of them */
  readonly warned?: ReadonlyMap<string, string> | undefined;
}

/**
 * Reads the resources of the graph and compares them with it. A description that creates nothing, of an owner that has
 * been elsewhere, takes back a move that was interrupted: what that has created a moment ago, in another process, may
 * not be shown yet.
 */
export async function planGraph(
  graph: Graph<AwsContext>,
  described: DescribedOwners,
  options: OperationOptions,
  context: AwsContext,
): Promise<PlannedGraph> {
  const planned = await planOnce(graph, described, options, context);
  const { observations, steps } = planned;
  const isTakenBack = placesLeft(observations).length > 0 && steps.every(({ action }) => action !== "create");
  if (!isTakenBack || (await waitUntilSettled(context))) return planned;
  return planOnce(graph, described, options, context);
}

async function planOnce(
  graph: Graph<AwsContext>,
  described: DescribedOwners,
  options: OperationOptions,
  context: AwsContext,
): Promise<PlannedGraph> {
  const observing = observe(graph, context);
  const [found, undescribed] = await Promise.all([
    observing,
    removalsOfDeploy(described, graph, observing, context),
    // An account that is not allowed ends the run here.
    context.caller(),
  ]);
  const observations = withoutRulesLeft(found, undescribed);
  const { deletable: unblocked, retained: blocked } = await splitBlocked(
    withoutCreated(withoutObserved(undescribed, observations), observations),
    graph,
    context,
  );
  const { deletable: removals } = await splitRetained(unblocked, context);
  const planned = planSteps(observations, options.adopt ?? false);
  await planPriorities(planned, observations, removals, context);
  const steps = inRuleOrder(planned, observations, graph);
  for (const { action, node } of steps) {
    if (action === "create") await node.kind.preflight?.(observations.get(node.id)!.desired, context);
  }
  const inGraph = new Set(graph.nodes.map(({ owner }) => owner));
  const changes = [
    ...steps
      .filter((step) => step.node.kind.create !== undefined)
      .map(({ node, change }) =>
        unwrapped(
          node,
          shownChange(change, observations.get(node.id)!.desired, options.showSensitive ?? false),
        ),
      ),
    ...removals.map((removal) =>
      removalChange(
        removal,
        inGraph.has(removal.owner) ? "no longer part of the deployment" : "no longer used by any deployment",
      ),
    ),
  ];
  return { graph, observations, steps, removals, blocked, changes, warnings: [] };
}

/** The change without the name of the field that holds the whole resource. */
function unwrapped(node: Node<AwsContext>, change: Change): Change {
  const wrapper = node.kind.wrapperField as string | undefined;
  if (wrapper === undefined) return change;
  const unwrap = (text: string): string => text.replaceAll(`${wrapper}.`, "");
  return {
    ...change,
    fields: change.fields.map((field) => ({ ...field, path: unwrap(field.path) })),
    reason: unwrap(change.reason),
  };
}
