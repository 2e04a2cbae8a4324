import type { AwsContext } from "../../aws/context.js";
import { isUnsupportedOperation } from "../../aws/error-code.js";
import { knownTags } from "../../aws/known-tags.js";
import { ignoreNotFound } from "../../aws/not-found.js";
import { ADOPTED_TAG, fromTags, OWNER_TAG } from "../../aws/tags.js";
import { AwsError } from "../../errors.js";

/** DeleteTaskDefinitions takes ten. */
const BATCH = 10;

/** Deregisters and deletes every revision of a family that the owner made; others' revisions stay. */
export async function deleteTaskDefinitions(
  family: string,
  owner: string,
  context: AwsContext,
): Promise<void> {
  const [active, inactive] = await Promise.all([
    revisionsOf(family, "ACTIVE", context),
    revisionsOf(family, "INACTIVE", context),
  ]);
  const ours: string[] = [];
  for (const batch of inBatches([...active, ...inactive])) {
    const owned = await Promise.all(
      batch.map(async (arn) => ((await isMadeBy(owner, arn, context)) ? [arn] : [])),
    );
    ours.push(...owned.flat());
  }
  // Only what is inactive can be deleted.
  for (const arn of ours.filter((each) => active.includes(each))) {
    await ignoreNotFound(context.aws.ecs.deregisterTaskDefinition({ taskDefinition: arn }));
  }
  for (const batch of inBatches(ours)) await deleteBatch(batch, context);
}

/** The ARNs of a family's revisions. */
export async function revisionsOf(
  family: string,
  status: "ACTIVE" | "INACTIVE",
  context: AwsContext,
): Promise<string[]> {
  const arns: string[] = [];
  let nextToken: string | undefined;
  do {
    const page = await context.aws.ecs.listTaskDefinitions({
      familyPrefix: family,
      status,
      ...(nextToken !== undefined && { nextToken }),
    });
    // An endpoint may take the prefix for what the word says.
    arns.push(
      ...(page.taskDefinitionArns ?? []).filter((arn) => arn.split("/")[1]?.split(":")[0] === family),
    );
    nextToken = page.nextToken;
  } while (nextToken !== undefined);
  return arns;
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
    // Deregistered is as far as an endpoint without the operation goes.
    if (!isUnsupportedOperation(error)) throw error;
  }
}

function inBatches(arns: readonly string[]): string[][] {
  const batches: string[][] = [];
  for (let start = 0; start < arns.length; start += BATCH) batches.push(arns.slice(start, start + BATCH));
  return batches;
}
