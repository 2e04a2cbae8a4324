import type { Service } from "@aws-sdk/client-ecs";
import type { AwsContext } from "../aws/context.js";
import { ignoreNotFound } from "../aws/not-found.js";

/** DescribeServices takes ten names. */
const BATCH = 10;

/** Services of a cluster by name, with their tags, in whatever state; those that it does not know are left out. */
export async function describeServices(
  cluster: string,
  names: readonly string[],
  context: AwsContext,
): Promise<Service[]> {
  const batches: string[][] = [];
  for (let start = 0; start < names.length; start += BATCH) batches.push(names.slice(start, start + BATCH));
  const answers = await Promise.all(
    batches.map((services) =>
      ignoreNotFound(context.aws.ecs.describeServices({ cluster, services, include: ["TAGS"] })),
    ),
  );
  return answers.flatMap((answer) => answer?.services ?? []);
}

export async function describeService(
  cluster: string,
  name: string,
  context: AwsContext,
): Promise<Service | undefined> {
  return (await describeServices(cluster, [name], context))[0];
}
