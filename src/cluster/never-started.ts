import type { AwsContext } from "../aws/context.js";
import { ignoreNotFound } from "../aws/not-found.js";
import { capacityProviderName } from "../spec/derived-names.js";

/**
 * True if a group without instances has never had any, and ECS does not scale it: the run that created it was
 * interrupted before it set the bounds. A group that a schedule has emptied has had scaling activities, which AWS
 * keeps for six weeks.
 */
export async function hasNeverStarted(
  groupName: string,
  clusterName: string,
  { aws }: AwsContext,
): Promise<boolean> {
  const [activities, providers] = await Promise.all([
    aws.autoScaling.describeScalingActivities({ AutoScalingGroupName: groupName }),
    ignoreNotFound(
      aws.ecs.describeCapacityProviders({ capacityProviders: [capacityProviderName(clusterName)] }),
    ),
  ]);
  const [provider] = providers?.capacityProviders ?? [];
  const isScaledByEcs = provider?.autoScalingGroupProvider?.managedScaling?.status === "ENABLED";
  return (activities.Activities ?? []).length === 0 && !isScaledByEcs;
}
