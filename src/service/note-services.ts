import { serviceNames } from "../aws/arn.js";
import type { AwsContext } from "../aws/context.js";
import { ignoreNotFound } from "../aws/not-found.js";
import { paginate } from "../aws/paginate.js";
import { describeServices } from "./describe-services.js";

/** Finds the services of a cluster by listing them, because the tagging API may not know them for minutes. */
export async function noteServicesIn(cluster: string, context: AwsContext): Promise<void> {
  const arns = await paginate(
    "nextToken",
    (next) => ignoreNotFound(context.aws.ecs.listServices({ cluster, maxResults: 100, ...next })),
    (page) => page?.serviceArns,
  );
  await describeServices(
    cluster,
    arns.map((arn) => serviceNames(arn).service),
    context,
  );
}
