import type { Service } from "@aws-sdk/client-ecs";
import { lastSegment } from "../aws/arn.js";
import type { AwsContext } from "../aws/context.js";
import { ignoreNotFound } from "../aws/not-found.js";
import { serviceArnsIn } from "../aws/service-arns.js";

/** The services of a cluster, draining ones included. */
export async function servicesIn(cluster: string, context: AwsContext): Promise<readonly Service[]> {
  const arns = await serviceArnsIn(cluster, context);
  // One request per service, in the words of its own read: batching combines them, ten names a call.
  const described = await Promise.all(
    arns.map(async (arn): Promise<Service[]> => {
      const services = [lastSegment(arn)];
      const answer = await ignoreNotFound(
        context.aws.ecs.describeServices({ cluster, services, include: ["TAGS"] }),
      );
      return answer?.services ?? [];
    }),
  );
  return described.flat().filter(({ status }) => status !== "INACTIVE");
}
