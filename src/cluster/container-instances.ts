import type { ContainerInstance, ContainerInstanceStatus } from "@aws-sdk/client-ecs";
import type { AwsContext } from "../aws/context.js";

/** The container instances of a cluster, in any state or in one. */
export async function containerInstances(
  cluster: string,
  { aws }: AwsContext,
  status?: ContainerInstanceStatus,
): Promise<ContainerInstance[]> {
  const found: ContainerInstance[] = [];
  let nextToken: string | undefined;
  do {
    // A page has at most 100, which is what one describe takes.
    const page = await aws.ecs.listContainerInstances({
      cluster,
      ...(status === undefined ? {} : { status }),
      ...(nextToken === undefined ? {} : { nextToken }),
    });
    const arns = page.containerInstanceArns ?? [];
    if (arns.length > 0) {
      const described = await aws.ecs.describeContainerInstances({ cluster, containerInstances: arns });
      found.push(...(described.containerInstances ?? []));
    }
    nextToken = page.nextToken;
  } while (nextToken !== undefined);
  return found;
}
