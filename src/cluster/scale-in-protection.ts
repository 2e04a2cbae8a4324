import type { AwsContext } from "../aws/context.js";
import { hasErrorCode } from "../aws/error-code.js";
import { toBatches } from "../aws/in-batches.js";

/** SetInstanceProtection takes fifty. */
const BATCH = 50;

/**
 * Sets the scale-in protection of all instances that a group has now.
 *
 * @param known - those to change, if they were just asked for
 */
export async function setScaleInProtection(
  groupName: string,
  isProtected: boolean,
  context: AwsContext,
  known?: readonly string[],
): Promise<void> {
  const ids = known ?? (await instancesToProtect(groupName, isProtected, context));
  try {
    for (const InstanceIds of toBatches(ids, BATCH)) {
      await context.aws.autoScaling.setInstanceProtection({
        AutoScalingGroupName: groupName,
        InstanceIds,
        ProtectedFromScaleIn: isProtected,
      });
    }
  } catch (error) {
    // One instance that was terminated meanwhile makes AWS reject the whole request.
    const left = await instancesToProtect(groupName, isProtected, context);
    if (!hasErrorCode(error, "ValidationError") || ids.every((id) => left.includes(id))) throw error;
    await setScaleInProtection(groupName, isProtected, context);
  }
}

/** The instances whose protection differs; it can be set only while they are in service. */
export async function instancesToProtect(
  groupName: string,
  isProtected: boolean,
  { aws }: AwsContext,
): Promise<readonly string[]> {
  const { AutoScalingGroups = [] } = await aws.autoScaling.describeAutoScalingGroups({
    AutoScalingGroupNames: [groupName],
  });
  return (AutoScalingGroups[0]?.Instances ?? [])
    .filter(({ LifecycleState }) => LifecycleState === "InService")
    .filter(({ ProtectedFromScaleIn = false }) => ProtectedFromScaleIn !== isProtected)
    .map(({ InstanceId = "" }) => InstanceId);
}
