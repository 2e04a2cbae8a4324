import { serviceNames } from "../../aws/arn.js";
import type { AwsContext } from "../../aws/context.js";
import { ignoreNotFound } from "../../aws/not-found.js";
import { ownedArns } from "../../aws/owned-arns.js";
import { ownerOf } from "../../aws/owner.js";
import { describeTargets, resourceIdOf, SERVICE_COUNT } from "../../aws/scalable-targets.js";
import { fromTags, OWNER_TAG } from "../../aws/tags.js";
import { tagsOfAlarm } from "../../scaling/alarm.js";
import { describeAlarms } from "../../scaling/describe-alarms.js";
import { isQuaysideName } from "../../scaling/quayside-name.js";
import type { DeploymentSpec } from "../../spec/deployment-spec.js";
import { parseImageReference } from "../../spec/image-reference.js";

/**
 * Notes what a deployment owns besides what its name, its services and its task definition lead to, before it is
 * destroyed: the tagging API may not know it for minutes after its creation.
 */
export const noteDeployment = async (spec: DeploymentSpec, context: AwsContext): Promise<void> =>
  void (await Promise.all([noteAlarms(spec, context), noteRepository(spec, context)]));

/** The alarms that the policies of its services have. */
async function noteAlarms({ name }: DeploymentSpec, context: AwsContext): Promise<void> {
  const owner = ownerOf.deployment(name);
  const services = await ownedArns(context, owner, "ecs", "service/");
  const ids = services.map(({ arn }) => {
    const { cluster, service } = serviceNames(arn);
    return resourceIdOf(cluster, service);
  });
  const targets = ids.length === 0 ? [] : await describeTargets(ids, context);
  await Promise.all(
    targets.map(async ({ ResourceId = "" }) => {
      const { ScalingPolicies = [] } = await context.aws.applicationAutoScaling.describeScalingPolicies({
        ...SERVICE_COUNT,
        ResourceId,
      });
      const own = ScalingPolicies.filter(({ PolicyName }) => isQuaysideName(PolicyName));
      for (const { PolicyARN = "" } of own) {
        for (const { AlarmArn: arn = "" } of await describeAlarms({ ActionPrefix: PolicyARN }, context)) {
          const tags = await tagsOfAlarm(arn, context);
          if (tags[OWNER_TAG] === owner) context.noteOwned(owner, { arn, tags });
        }
      }
    }),
  );
}

/** The ECR repository of its image, if it was built from a directory. */
async function noteRepository({ name, image }: DeploymentSpec, context: AwsContext): Promise<void> {
  const { registry = "", repository = "" } = parseImageReference(image.reference) ?? {};
  if (!/^\d{12}\.dkr[.-]ecr/.test(registry)) return;
  const found = await ignoreNotFound(context.aws.ecr.describeRepositories({ repositoryNames: [repository] }));
  const arn = found?.repositories?.[0]?.repositoryArn;
  if (arn === undefined) return;
  const tags = fromTags((await context.aws.ecr.listTagsForResource({ resourceArn: arn })).tags);
  const owner = ownerOf.deployment(name);
  if (tags[OWNER_TAG] === owner) context.noteOwned(owner, { arn, tags });
}
