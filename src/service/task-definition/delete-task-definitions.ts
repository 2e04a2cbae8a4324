import { taskDefinitionFamily } from "../../aws/arn.js";
import type { AwsContext } from "../../aws/context.js";
import { isUnsupportedOperation } from "../../aws/error-code.js";
import { inBatches, toBatches } from "../../aws/in-batches.js";
import { knownTags } from "../../aws/known-tags.js";
import { ignoreNotFound } from "../../aws/not-found.js";
import { paginate } from "../../aws/paginate.js";
import { ADOPTED_TAG, fromTags, OWNER_TAG } from "../../aws/tags.js";
import { AwsError } from "../../errors.js";

/** DeleteTaskDefinitions takes ten. */
const BATCH = 10;

/** Deregisters and deletes every revision of a family that the owner registered; others are kept. */
export async function deleteTaskDefinitions(
  family: string,
  owner: string,
  context: AwsContext,
): Promise<void> {
  const [active, inactive] = await Promise.all([
    revisionsOf(family, "ACTIVE", context),
    revisionsOf(family, "INACTIVE", context),
  ]);
  const owned = await inBatches([...active, ...inactive], BATCH, async (batch) => {
    const owned = batch.map(async (arn) => ((await isMadeBy(owner, arn, context)) ? [arn] : []));
    return (await Promise.all(owned)).flat();
  });
  // Only inactive revisions can be deleted.
  await Promise.all(
    owned
      .filter((arn) => active.includes(arn))
      .map((taskDefinition) => ignoreNotFound(context.aws.ecs.deregisterTaskDefinition({ taskDefinition }))),
  );
  for (const batch of toBatches(owned, BATCH)) await deleteBatch(batch, context);
}

/** The ARNs of a family's revisions. */
export async function revisionsOf(
  family: string,
  status: "ACTIVE" | "INACTIVE",
  context: AwsContext,
): Promise<string[]> {
  const arns = await paginate(
    "nextToken",
    (next) => context.aws.ecs.listTaskDefinitions({ familyPrefix: family, status, ...next }),
    ({ taskDefinitionArns }) => taskDefinitionArns,
  );
  // AWS matches the whole family; some endpoints return every family with this prefix.
  return arns.filter((arn) => taskDefinitionFamily(arn) === family);
}

export async function isMadeBy(owner: string, arn: string, context: AwsContext): Promise<boolean> {
  const known = await knownTags(arn, { [OWNER_TAG]: owner }, context);
  if (known !== undefined) return known[ADOPTED_TAG] === undefined;
  const answer = await ignoreNotFound(
    context.aws.ecs.describeTaskDefinition({ taskDefinition: arn, include: ["TAGS"] }),
  );
  const tags = fromTags(answer?.tags);
  return tags[OWNER_TAG] === owner && tags[ADOPTED_TAG] === undefined;
}

async function deleteBatch(batch: string[], context: AwsContext): Promise<void> {
  try {
    const { failures } = await context.aws.ecs.deleteTaskDefinitions({ taskDefinitions: batch });
    const failure = failures?.find(({ reason }) => reason !== "MISSING");
    if (failure === undefined) return;
    const reason = failure.reason ?? "unknown";
    const why = `${failure.arn ?? "a task definition"} was not deleted: ${failure.detail ?? reason}`;
    throw new AwsError("ecs", "deleteTaskDefinitions", reason, why, { facts: { failures } });
  } catch (error) {
    // On an endpoint without the operation, revisions can only be deregistered.
    if (!isUnsupportedOperation(error)) throw error;
  }
}
