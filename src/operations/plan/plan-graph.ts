import type { AwsContext } from "../../aws/context.js";
import type { Graph } from "../../engine/graph.js";
import { observe, type Observations } from "../../engine/observe.js";
import type { Change } from "../../engine/plan.js";
import { removalChange, withoutHeld, withoutKept, type Kept, type Removal } from "../../engine/remove.js";
import { planSteps, type Step } from "../../engine/steps.js";
import { leftoversOfDeploy, type DescribedOwners } from "../orphans.js";
import type { OperationOptions } from "../results.js";

/** Everything that a run will do, decided and not begun: `plan()` shows it, `deploy()` carries it out. */
export interface PlannedGraph {
  readonly graph: Graph<AwsContext>;
  readonly observations: Observations<AwsContext>;
  readonly steps: readonly Step<AwsContext>[];
  /** What is no longer described or used; it goes once what replaces it works. */
  readonly leftovers: readonly Removal<AwsContext>[];
  /** What is no longer described either, and stays for now: others hold on to it. */
  readonly held: readonly Kept[];
  readonly changes: readonly Change[];
  readonly warnings: readonly string[];
}

/** Looks at everything in a graph and decides. */
export async function planGraph(
  graph: Graph<AwsContext>,
  described: DescribedOwners,
  options: OperationOptions,
  context: AwsContext,
): Promise<PlannedGraph> {
  const [observations, owned] = await Promise.all([
    observe(graph, context),
    leftoversOfDeploy(described, graph, context),
  ]);
  const { going, staying: held } = await withoutHeld(owned, graph, context);
  const { going: leftovers } = await withoutKept(going, context);
  const steps = planSteps(observations, options.adopt ?? false);
  for (const { action, node } of steps) {
    if (action === "create") await node.kind.preflight?.(observations.get(node.id)!.desired, context);
  }
  const inGraph = new Set(graph.nodes.map(({ owner }) => owner));
  const changes = [
    ...steps.filter((step) => step.node.kind.create !== undefined).map(shownChange),
    ...leftovers.map((leftover) =>
      removalChange(
        leftover,
        inGraph.has(leftover.owner) ? "the chain no longer describes it" : "nobody uses it any more",
      ),
    ),
  ];
  return { graph, observations, steps, leftovers, held, changes, warnings: [] };
}

/** The change as people read it: without the name of the field that holds the whole resource. */
function shownChange({ node, change }: Step<AwsContext>): Change {
  const body = node.kind.wrapperField as string | undefined;
  if (body === undefined) return change;
  const bare = (text: string): string => text.replaceAll(`${body}.`, "");
  return {
    ...change,
    fields: change.fields.map((field) => ({ ...field, path: bare(field.path) })),
    reason: bare(change.reason),
  };
}
