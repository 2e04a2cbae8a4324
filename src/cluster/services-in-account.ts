import type { Service } from "@aws-sdk/client-ecs";
import { clusterName } from "../aws/arn.js";
import type { AwsContext } from "../aws/context.js";
import { paginate } from "../aws/paginate.js";
import { servicesIn } from "./services-in.js";

/** The names of all clusters of the account in this region. */
export const allClusters = async ({ aws }: AwsContext): Promise<readonly string[]> =>
  (
    await paginate(
      "nextToken",
      (next) => aws.ecs.listClusters({ maxResults: 100, ...next }),
      ({ clusterArns }) => clusterArns,
    )
  ).map(clusterName);

/** The services of the clusters, with their tags. ECS knows them at once, the tagging API after minutes. */
export const servicesOfClusters = async (
  clusters: readonly string[],
  context: AwsContext,
): Promise<readonly Service[]> =>
  (await Promise.all(clusters.map((cluster) => servicesIn(cluster, context)))).flat();
