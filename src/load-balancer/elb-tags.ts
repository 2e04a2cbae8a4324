import type { AwsContext } from "../aws/context.js";
import { toBatches } from "../aws/in-batches.js";
import { ignoreNotFound } from "../aws/not-found.js";
import { fromTags } from "../aws/tags.js";
import type { Tags } from "../engine/kind.js";

/** DescribeTags takes twenty ARNs. */
const BATCH = 20;

/**
 * Tags of load balancers, target groups, listeners or rules. Resources that were deleted meanwhile are left
 * out.
 */
export async function elbTags(
  arns: readonly string[],
  context: AwsContext,
): Promise<ReadonlyMap<string, Tags>> {
  const answers = await Promise.all(toBatches(arns, BATCH).map((batch) => tagsOf(batch, context)));
  return new Map(answers.flat());
}

async function tagsOf(arns: string[], context: AwsContext): Promise<(readonly [string, Tags])[]> {
  const answer = await ignoreNotFound(context.aws.elb.describeTags({ ResourceArns: arns }));
  if (answer === undefined && arns.length > 1) {
    // One missing ARN fails the whole batch.
    return (await Promise.all(arns.map((arn) => tagsOf([arn], context)))).flat();
  }
  return (answer?.TagDescriptions ?? []).flatMap(({ ResourceArn, Tags }) =>
    ResourceArn === undefined ? [] : [[ResourceArn, fromTags(Tags)] as const],
  );
}
