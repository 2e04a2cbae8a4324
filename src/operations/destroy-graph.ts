import type { AwsContext } from "../aws/context.js";
import type { Graph } from "../engine/graph.js";
import { observe, type Observations } from "../engine/observe.js";
import { planRemovals, removeAll, withoutUsers } from "../engine/remove.js";
import type { Kept, Removal } from "../engine/removal.js";
import { stopTasks } from "../job/stop-tasks.js";
import { clustersLeft, placesLeft } from "./places.js";
import { keptPartsOf, partsOf, reportParts } from "./parts.js";
import { scopeOf } from "./plan/plan-scope.js";
import { removalsOfDestroy } from "./removals.js";
import type { Destroyed } from "./results.js";

/** Deletes everything that the graph's owners own, and the shared resources that have no other users. */
export async function destroyGraph(graph: Graph<AwsContext>, context: AwsContext): Promise<Destroyed> {
  const [observations, scope] = await Promise.all([observe(graph, context, "optional"), scopeOf(context)]);
  await stopTasksInClustersLeft(observations, context);
  const undescribed = await removalsOfDestroy(graph, observations, context);
  const { removals, kept: keptWhole, used } = await planRemovals(graph, observations, undescribed, context);
  const kept = [...keptWhole, ...keptPartsOf(keptWhole, observations)];
  context.emit({
    type: "planned",
    at: context.clock.now(),
    startedAt: context.startedAt,
    ...scope,
    create: 0,
    update: 0,
    delete: removals.length + partsOf(removals.map(named), context).length,
    none: 0,
    kept: kept.length,
  });
  // The task definitions know the clusters and load balancers that were left: they are deleted last.
  const isLast = ({ kind }: Removal<AwsContext>) => kind.kind === "task-definition";
  const left = placesLeft(observations);
  const [first, last] =
    left.length === 0
      ? [removals, []]
      : [removals.filter((removal) => !isLast(removal)), removals.filter(isLast)];
  const removed = await removeAll(first, context);
  const removedLast = await removeAll(last, context);
  const free = await withoutUsers(used, graph, observations, context);
  const removedThen = await removeAll(free, context);
  const whole = [...removed.deleted, ...removedLast.deleted, ...removedThen.deleted].map(named);
  const parts = partsOf(whole, context);
  await reportParts(parts, context);
  const freed = free.map(named);
  const allFreed = [...freed, ...partsOf(freed, context)];
  const isStillKept = ({ resource, name }: Kept) =>
    !allFreed.some((one) => one.resource === resource && one.name === name);
  const keptLater = [...removed.kept, ...removedLast.kept, ...removedThen.kept];
  return {
    deleted: [...whole, ...parts],
    kept: [...kept.filter(isStillKept), ...keptLater, ...keptPartsOf(keptLater, observations)],
  };
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
