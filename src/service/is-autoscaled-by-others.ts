import type { AwsContext } from "../aws/context.js";
import { isUnsupportedOperation } from "../aws/error-code.js";
import { knownTags } from "../aws/known-tags.js";
import { describeTargets, resourceIdOf } from "../aws/scalable-targets.js";
import { OWNER_TAG } from "../aws/tags.js";
import type { Tags } from "../engine/kind.js";

/**
 * True if others have registered a scalable target for the service: their autoscaling then owns its desired count.
 * A target of the service's own owner is removed by the run if the chain does not describe it.
 */
export async function isAutoscaledByOthers(
  {
    cluster,
    serviceName,
    tags,
  }: { readonly cluster: string; readonly serviceName: string; readonly tags: Tags },
  context: AwsContext,
): Promise<boolean> {
  const targets = await describeTargets([resourceIdOf(cluster, serviceName)], context);
  const owners = await Promise.all(
    targets.map(({ ScalableTargetARN }) => ownerOfTarget(ScalableTargetARN, tags[OWNER_TAG], context)),
  );
  return owners.some((owner) => owner === undefined || owner !== tags[OWNER_TAG]);
}

async function ownerOfTarget(
  ResourceARN: string | undefined,
  owner: string | undefined,
  context: AwsContext,
): Promise<string | undefined> {
  if (ResourceARN === undefined || owner === undefined) return undefined;
  const known = await knownTags(ResourceARN, { [OWNER_TAG]: owner }, context);
  if (known !== undefined) return known[OWNER_TAG];
  try {
    const { Tags = {} } = await context.aws.applicationAutoScaling.listTagsForResource({ ResourceARN });
    return Tags[OWNER_TAG];
  } catch (error) {
    if (isUnsupportedOperation(error)) return undefined;
    throw error;
  }
}
