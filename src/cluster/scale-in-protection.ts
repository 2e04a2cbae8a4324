import type { AwsContext } from "../aws/context.js";
import { hasErrorCode } from "../aws/error-code.js";
import { toBatches } from "../aws/in-batches.js";

/** SetInstanceProtection takes fifty. */
const BATCH = 50;

/** Whether Auto Scaling may choose an instance of a group, as it is now, when some are to go. */
export async function setScaleInProtection(
  groupName: string,
  isProtected: boolean,
  context: AwsContext,
): Promise<void> {
  const ids = await differing(groupName, isProtected, context);
  try {
    for (const InstanceIds of toBatches(ids, BATCH)) {
      await context.aws.autoScaling.setInstanceProtection({
        AutoScalingGroupName: groupName,
        InstanceIds,
        ProtectedFromScaleIn: isProtected,
      });
    }
  } catch (error) {
    // One that has gone in the meantime makes AWS refuse all of them.
    const left = await differing(groupName, isProtected, context);
    if (!hasErrorCode(error, "ValidationError") || ids.every((id) => left.includes(id))) throw error;
    await setScaleInProtection(groupName, isProtected, context);
  }
}

/** Only instances in service take it. */
async function differing(
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
