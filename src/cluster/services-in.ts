import type { Service } from "@aws-sdk/client-ecs";
import type { AwsContext } from "../aws/context.js";

/** The services of a cluster, those that end among them. */
export async function servicesIn(clusterName: string, { aws }: AwsContext): Promise<readonly Service[]> {
  const found: Service[] = [];
  let nextToken: string | undefined;
  do {
    const page = await aws.ecs.listServices({
      cluster: clusterName,
      // As many as one describe takes.
      maxResults: 10,
      ...(nextToken === undefined ? {} : { nextToken }),
    });
    const all = page.serviceArns ?? [];
    for (let start = 0; start < all.length; start += 10) {
      const { services = [] } = await aws.ecs.describeServices({
        cluster: clusterName,
        services: all.slice(start, start + 10),
      });
      found.push(...services.filter(({ status }) => status !== "INACTIVE"));
    }
    nextToken = page.nextToken;
  } while (nextToken !== undefined);
  return found;
}
