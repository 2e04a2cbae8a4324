import type { AwsContext } from "./context.js";

/**
 * False if a run that plans finds no Auto Scaling group of that name, which most of its kinds ask for: there is then
 * nothing of the group to ask for. Once the run changes things, the group itself is not asked for.
 */
export async function mayHaveGroup(groupName: string, { aws, isLooking }: AwsContext): Promise<boolean> {
  if (!isLooking()) return true;
  const { AutoScalingGroups = [] } = await aws.autoScaling.describeAutoScalingGroups({
    AutoScalingGroupNames: [groupName],
  });
  return AutoScalingGroups.length > 0;
}
