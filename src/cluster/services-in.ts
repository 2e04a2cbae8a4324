import type { Service } from "@aws-sdk/client-ecs";
import type { AwsContext } from "../aws/context.js";
import { inBatches } from "../aws/in-batches.js";
import { ignoreNotFound } from "../aws/not-found.js";
import { pages } from "../aws/paginate.js";

/** DescribeServices takes ten names. */
const BATCH = 10;

/** The services of a cluster, draining ones included. */
export async function servicesIn(clusterName: string, { aws }: AwsContext): Promise<readonly Service[]> {
  const found: Service[] = [];
  for await (const { serviceArns = [] } of pages("nextToken", async (next) => {
    // Another run may have deleted the cluster meanwhile.
    const page = await ignoreNotFound(
      aws.ecs.listServices({ cluster: clusterName, maxResults: BATCH, ...next }),
    );
    return page ?? {};
  })) {
    // An endpoint may ignore maxResults.
    const described = await inBatches(serviceArns, BATCH, async (services): Promise<Service[]> => {
      const answer = await ignoreNotFound(
        aws.ecs.describeServices({ cluster: clusterName, services, include: ["TAGS"] }),
      );
      return answer?.services ?? [];
    });
    found.push(...described.filter(({ status }) => status !== "INACTIVE"));
  }
  return found;
}
