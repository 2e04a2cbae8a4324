import type { ScalableTarget } from "@aws-sdk/client-application-auto-scaling";
import { serviceNames } from "../aws/arn.js";
import type { AwsContext } from "../aws/context.js";
import { isUnsupportedOperation } from "../aws/error-code.js";
import { inBatches } from "../aws/in-batches.js";
import { knownTags } from "../aws/known-tags.js";
import { describeTargets, resourceIdOf, SERVICE_COUNT } from "../aws/scalable-targets.js";
import { ownedArns } from "../aws/owned-arns.js";
import { fromTags, OWNER_TAG } from "../aws/tags.js";
import type { Tags } from "../engine/kind.js";
import { isQuaysideName } from "./quayside-name.js";

export interface OwnedTarget {
  readonly resourceId: string;
  readonly arn: string | undefined;
  readonly tags: Tags;
}

/** DescribeScalableTargets takes fifty. */
const BATCH = 50;
const searches = new WeakMap<AwsContext, Map<string, Promise<readonly OwnedTarget[]>>>();

/** The owner's scalable targets for the owner's services, searched once per run. */
export function ownedTargets(owner: string, context: AwsContext): Promise<readonly OwnedTarget[]> {
  // While the run looks, what it reads is noted meanwhile; its memory keeps the answers.
  if (context.isLooking()) return find(owner, context);
  const ofRun = searches.get(context) ?? new Map<string, Promise<readonly OwnedTarget[]>>();
  searches.set(context, ofRun);
  let search = ofRun.get(owner);
  if (search === undefined) {
    search = find(owner, context);
    ofRun.set(owner, search);
    search.catch(() => ofRun.delete(owner));
  }
  return search;
}

async function find(owner: string, context: AwsContext): Promise<readonly OwnedTarget[]> {
  const services = (await ownedArns(context, owner, "ecs", "service/")).flatMap(({ arn }) => {
    const { cluster, service } = serviceNames(arn);
    // An ARN of the old format does not have the cluster.
    return service === "" ? [] : [resourceIdOf(cluster, service)];
  });
  return inBatches(services, BATCH, async (batch) => {
    const targets = await describeTargets(batch, context);
    const tagged = await Promise.all(
      targets.map(async (target) => {
        const tags =
          (await tagsOfTarget(target, { [OWNER_TAG]: owner }, context)) ??
          (await tagsByPolicies(target, owner, context));
        return { resourceId: target.ResourceId ?? "", arn: target.ScalableTargetARN, tags };
      }),
    );
    return tagged.filter(({ tags }) => tags[OWNER_TAG] === owner);
  });
}

/** The owner's tag if the target has a policy of quayside's, for endpoints without tags. */
async function tagsByPolicies(
  { ResourceId = "" }: ScalableTarget,
  owner: string,
  { aws }: AwsContext,
): Promise<Tags> {
  const { ScalingPolicies = [] } = await aws.applicationAutoScaling.describeScalingPolicies({
    ...SERVICE_COUNT,
    ResourceId,
  });
  const hasOwnPolicy = ScalingPolicies.some(({ PolicyName }) => isQuaysideName(PolicyName));
  return hasOwnPolicy ? { [OWNER_TAG]: owner } : {};
}

/**
 * The target's tags, without a request of their own if they are as wanted; `undefined` if the endpoint has no
 * tags here.
 */
export async function tagsOfTarget(
  { ScalableTargetARN: ResourceARN }: ScalableTarget,
  wanted: Tags,
  context: AwsContext,
): Promise<Tags | undefined> {
  if (ResourceARN === undefined) return undefined;
  const known = await knownTags(ResourceARN, wanted, context);
  if (known !== undefined) return known;
  try {
    const { Tags = {} } = await context.aws.applicationAutoScaling.listTagsForResource({ ResourceARN });
    return fromTags(Object.entries(Tags).map(([Key, Value]) => ({ Key, Value })));
  } catch (error) {
    if (isUnsupportedOperation(error)) return undefined;
    throw error;
  }
}
