import type { AwsContext } from "../aws/context.js";

export interface ClusterCounts {
  readonly services: number;
  readonly tasks: { readonly running: number; readonly pending: number };
  readonly instances: number;
}

/** The counts that ECS reports for a cluster; `undefined` if it does not exist. */
export async function clusterCounts(name: string, { aws }: AwsContext): Promise<ClusterCounts | undefined> {
  const { clusters = [] } = await aws.ecs.describeClusters({ clusters: [name] });
  const found = clusters.find(({ status }) => status !== "INACTIVE");
  if (found === undefined) return undefined;
  return {
    services: found.activeServicesCount ?? 0,
    tasks: { running: found.runningTasksCount ?? 0, pending: found.pendingTasksCount ?? 0 },
    instances: found.registeredContainerInstancesCount ?? 0,
  };
}
