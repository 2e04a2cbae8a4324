import type { AwsContext } from "../aws/context.js";
import type { Graph } from "../engine/graph.js";
import { askUsers, findLeftovers } from "../engine/leftovers.js";
import { observe, type Observations } from "../engine/observe.js";
import { planRemovals, removeAll, withoutUsers } from "../engine/remove.js";
import type { Kept, Removal } from "../engine/removal.js";
import { waitUntilSettled } from "../aws/unsettled-changes.js";
import { KINDS } from "../graph/resource-kinds.js";
import { askLoadBalancer } from "../load-balancer/existing-listeners.js";
import { stopTasks } from "../job/stop-tasks.js";
import { clustersLeft, placesLeft } from "./places.js";
import { keptPartsOf, partsOf, withParts } from "./parts.js";
import { createPlan, edgesOf, withPlan } from "./plan/create-plan.js";
import { lookAhead } from "./plan/look-ahead.js";
import { scopeOf } from "./plan/plan-scope.js";
import { removalsOfDestroy } from "./removals.js";
import type { Destroyed } from "./results.js";

/** Deletes everything that the graph's owners own, and the shared resources that have no other users. */
export async function destroyGraph(
  graph: Graph<AwsContext>,
  context: AwsContext,
  ahead: Promise<void> = lookAheadOfDestroy(async () => graph, context),
): Promise<Destroyed> {
  const { observations, scope, planned: plannedRemovals } = await planSettledDestroy(graph, context, ahead);
  const { removals, kept: keptWhole, used } = plannedRemovals;
  const kept = [...keptWhole, ...keptPartsOf(keptWhole, observations)];
  const parts = partsOf(removals.map(named), context);
  const planned = {
    type: "planned",
    at: context.clock.now(),
    startedAt: context.startedAt,
    ...scope,
    create: 0,
    update: 0,
    delete: removals.length + parts.length,
    none: 0,
    kept: kept.length,
  } as const;
  const changes = [...removals.map(named), ...parts].map((one) => ({
    ...one,
    action: "delete" as const,
    fields: [],
    reason: "",
  }));
  context.endLooking();
  context.emit(withPlan(planned, createPlan(changes, edgesOf(graph), [], scope)));
  // The task definitions know the clusters and load balancers that were left: they are deleted last.
  const isLast = ({ kind }: Removal<AwsContext>) => kind.kind === "task-definition";
  const left = placesLeft(observations);
  const [first, last] =
    left.length === 0
      ? [removals, []]
      : [removals.filter((removal) => !isLast(removal)), removals.filter(isLast)];
  const removed = await removeAll(first, withParts(context), context.startedAt);
  const removedLast = await removeAll(last, withParts(context));
  const usedNow = [...used, ...removed.used, ...removedLast.used];
  const free = await withoutUsers(usedNow, graph, observations, context);
  const removedThen = await removeAll(free, withParts(context));
  const whole = [...removed.deleted, ...removedLast.deleted, ...removedThen.deleted].map(named);
  const freed = free.map(named);
  const allFreed = [...freed, ...partsOf(freed, context)];
  const isStillKept = ({ resource, name }: Kept) =>
    !allFreed.some((one) => one.resource === resource && one.name === name);
  const keptLater = [...[...removed.kept, ...removedLast.kept].filter(isStillKept), ...removedThen.kept];
  return {
    deleted: [...whole, ...partsOf(whole, context)],
    kept: [...kept.filter(isStillKept), ...keptLater, ...keptPartsOf(keptLater, observations)],
  };
}

/** Kinds that AWS may not show for some seconds after their creation. */
const SHOWN_LATE = ["cluster", "security-group", "service", "target-group"];

/**
 * Plans a destroy. Where only a part is found of what the graph describes, or the owner was about to move, the run that
 * created it may have ended a moment ago, in another process: AWS is asked again once it shows everything.
 */
async function planSettledDestroy(graph: Graph<AwsContext>, context: AwsContext, ahead: Promise<void>) {
  const found = await planDestroy(graph, context).finally(() => ahead);
  const { observations, planned } = found;
  const isMissing = [...observations.values()].some(
    ({ node, observed }) => observed === undefined && SHOWN_LATE.includes(node.kind.kind),
  );
  const mayBeIncomplete = isMissing || placesLeft(observations).length > 0;
  if (planned.removals.length === 0 || !mayBeIncomplete) return found;
  const hasSettled = await waitUntilSettled(context);
  return hasSettled ? found : planDestroy(graph, context);
}

async function planDestroy(graph: Graph<AwsContext>, context: AwsContext) {
  const [observations, scope] = await Promise.all([observe(graph, context, "to-destroy"), scopeOf(context)]);
  await stopTasksInClustersLeft(observations, context);
  const undescribed = await removalsOfDestroy(graph, observations, context);
  return { observations, scope, planned: await planRemovals(graph, observations, undescribed, context) };
}

/** Begins at once what a destroy will ask: see `lookAhead`. */
export const lookAheadOfDestroy = (
  graphOf: (context: AwsContext) => Promise<Graph<AwsContext>>,
  context: AwsContext,
): Promise<void> =>
  lookAhead(
    graphOf,
    context,
    (graph, observing) => [
      ...leftoversAhead(graph, observing, context),
      ...graph.nodes
        .filter(({ kind }) => kind.kind === "load-balancer")
        .map(({ name }) => askLoadBalancer(name, context)),
      observing.then((observations) => planRemovals(graph, observations, [], context)),
    ],
    "to-destroy",
  );

function leftoversAhead(
  graph: Graph<AwsContext>,
  observing: Promise<Observations<AwsContext>>,
  context: AwsContext,
): readonly Promise<unknown>[] {
  const owners = [...new Set(graph.nodes.flatMap(({ owner }) => owner ?? []))];
  return [findLeftovers(KINDS, owners, graph, context, observing), askUsers(KINDS, owners, graph, context)];
}

const named = ({ kind, name }: Removal<AwsContext>) => ({ resource: kind.kind, name });

/** Stops the one-off tasks that still run in a cluster that their owner has left. */
async function stopTasksInClustersLeft(
  observations: Observations<AwsContext>,
  context: AwsContext,
): Promise<void> {
  for (const { node, clusters } of clustersLeft(observations)) {
    const { name: family, owner = "" } = node;
    for (const cluster of clusters) await stopTasks({ cluster, family, owner }, context);
  }
}
