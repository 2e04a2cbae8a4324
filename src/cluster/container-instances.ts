import type { ContainerInstance, ContainerInstanceStatus } from "@aws-sdk/client-ecs";
import type { AwsContext } from "../aws/context.js";
import { pages } from "../aws/paginate.js";

/** The container instances of a cluster, in any state or in one. */
export async function containerInstances(
  cluster: string,
  { aws }: AwsContext,
  status?: ContainerInstanceStatus,
): Promise<ContainerInstance[]> {
  const found: ContainerInstance[] = [];
  const request = { cluster, ...(status === undefined ? {} : { status }) };
  // A page has at most 100, which is what one describe takes.
  for await (const { containerInstanceArns: arns = [] } of pages("nextToken", (next) =>
    aws.ecs.listContainerInstances({ ...request, ...next }),
  )) {
    if (arns.length === 0) continue;
    const described = await aws.ecs.describeContainerInstances({ cluster, containerInstances: arns });
    found.push(...(described.containerInstances ?? []));
  }
  return found;
}
