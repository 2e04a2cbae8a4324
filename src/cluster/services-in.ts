import type { Service } from "@aws-sdk/client-ecs";
import type { AwsContext } from "../aws/context.js";
import { inBatches } from "../aws/in-batches.js";
import { ignoreNotFound } from "../aws/not-found.js";
import { serviceArnsIn } from "../aws/service-arns.js";

/** DescribeServices takes ten names. */
const BATCH = 10;

/** The services of a cluster, draining ones included. */
export async function servicesIn(cluster: string, context: AwsContext): Promise<readonly Service[]> {
  const arns = await serviceArnsIn(cluster, context);
  const described = await inBatches(arns, BATCH, async (services): Promise<Service[]> => {
    const answer = await ignoreNotFound(
      context.aws.ecs.describeServices({ cluster, services, include: ["TAGS"] }),
    );
    return answer?.services ?? [];
  });
  return described.filter(({ status }) => status !== "INACTIVE");
}
