import type { Service } from "@aws-sdk/client-ecs";
import type { AwsContext } from "../aws/context.js";
import { toBatches } from "../aws/in-batches.js";
import { ignoreNotFound } from "../aws/not-found.js";
import { fromTags, OWNER_TAG } from "../aws/tags.js";

/** DescribeServices takes ten names. */
const BATCH = 10;

/** Services of a cluster by name, with their tags, in any state. Unknown services are left out. */
export async function describeServices(
  cluster: string,
  names: readonly string[],
  context: AwsContext,
): Promise<Service[]> {
  const answers = await Promise.all(
    toBatches(names, BATCH).map((services) =>
      ignoreNotFound(context.aws.ecs.describeServices({ cluster, services, include: ["TAGS"] })),
    ),
  );
  const services = answers.flatMap((answer) => answer?.services ?? []);
  for (const { serviceArn: arn, status, tags: list } of services) {
    const tags = fromTags(list);
    const owner = tags[OWNER_TAG];
    if (owner !== undefined && arn !== undefined && status === "ACTIVE")
      context.noteOwned(owner, { arn, tags });
  }
  return services;
}

export async function describeService(
  cluster: string,
  name: string,
  context: AwsContext,
): Promise<Service | undefined> {
  return (await describeServices(cluster, [name], context))[0];
}
