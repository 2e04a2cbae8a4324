import type { AwsContext } from "../aws/context.js";
import { ownerName } from "../aws/owner.js";
import { toEcsTags } from "../aws/tags.js";
import type { Observation, Observations } from "../engine/observe.js";
import { oneOffTasks } from "../job/stop-tasks.js";
import { placesOf, placesTag } from "../service/task-definition/places.js";
import type { TaskDefinitionState } from "../service/task-definition/task-definition.js";

const taskDefinitions = (observations: Observations<AwsContext>): readonly Observation<AwsContext>[] =>
  [...observations.values()].filter(({ node }) => node.kind.kind === "task-definition");

/** The clusters and load balancers that a task definition's owner has used and no longer describes. */
function leftBy({ desired, observed }: Observation<AwsContext>): readonly string[] {
  const described = placesOf(desired.tags);
  return placesOf(observed?.tags ?? {}).filter((place) => !described.includes(place));
}

/** The owners of the clusters and load balancers that were left, and may not be deleted yet. */
export const placesLeft = (observations: Observations<AwsContext>): readonly string[] => [
  ...new Set(
    taskDefinitions(observations)
      .flatMap(leftBy)
      // The records of a domain have the deployment as their owner.
      .filter((place) => ownerName(place, "domain") === undefined),
  ),
];

/** The clusters that the owner of each task definition has left. */
export const clustersLeft = (observations: Observations<AwsContext>) =>
  taskDefinitions(observations).map((observation) => ({
    node: observation.node,
    clusters: leftBy(observation).flatMap((place) => ownerName(place, "cluster") ?? []),
  }));

/** Forgets the places that were left, once nothing of them is to be deleted any more. */
export async function forgetPlacesLeft(
  observations: Observations<AwsContext>,
  states: ReadonlyMap<string, unknown>,
  context: AwsContext,
): Promise<void> {
  for (const observation of taskDefinitions(observations)) {
    const { node, desired } = observation;
    const left = leftBy(observation);
    if (left.length === 0) continue;
    const clusters = left.flatMap((place) => ownerName(place, "cluster") ?? []);
    // Its tasks still run there: the cluster is deleted after them.
    const running = await Promise.all(
      clusters.map((cluster) =>
        oneOffTasks({ cluster, family: node.name, owner: node.owner ?? "" }, context),
      ),
    );
    if (running.flat().length > 0) continue;
    const { arn } = states.get(node.id) as TaskDefinitionState;
    await context.aws.ecs.tagResource({
      resourceArn: arn,
      tags: toEcsTags(placesTag(placesOf(desired.tags))),
    });
  }
}
