import type { RunTaskCommandInput } from "@aws-sdk/client-ecs";
import type { ClusterSpec } from "../../spec/cluster.js";
import type { PlacementSpec } from "../../spec/placement.js";
import { onFargate, onInstances } from "../capacity-fields.js";

/** Subnets and security groups of tasks with a network interface of their own. */
export interface TaskNetwork {
  readonly subnetIds: readonly string[];
  readonly securityGroupIds: readonly string[];
  /** True if the subnets have a route to an internet gateway: only there do tasks get a public IP address. */
  readonly isPublic: boolean;
}

export type TaskLaunch = Pick<
  RunTaskCommandInput,
  | "launchType"
  | "capacityProviderStrategy"
  | "networkConfiguration"
  | "placementStrategy"
  | "placementConstraints"
>;

/** Placed like a service's tasks; unset fields are not sent. */
function placedOnInstances(
  placement: PlacementSpec | undefined,
  capacityProvider: string | undefined,
): TaskLaunch {
  const placed = onInstances(placement, capacityProvider);
  const { launchType, capacityProviderStrategy, placementStrategy, placementConstraints = [] } = placed;
  // One-off tasks may share an instance: there may be more of them than instances.
  const members = placementConstraints.filter(({ type }) => type !== "distinctInstance");
  return {
    ...(launchType && { launchType }),
    ...(capacityProviderStrategy && { capacityProviderStrategy }),
    ...(placementStrategy && { placementStrategy }),
    ...(members.length > 0 && { placementConstraints: members }),
  };
}

/**
 * The capacity and network of one-off tasks, the same as a service's.
 *
 * @param capacityProvider - of the cluster's instances, if it has one: it launches instances for tasks that
 * cannot be placed
 */
export const taskLaunch = (
  { capacity }: ClusterSpec,
  network: TaskNetwork | undefined,
  placement?: PlacementSpec,
  capacityProvider?: string,
): TaskLaunch =>
  capacity.type === "ec2"
    ? placedOnInstances(placement, capacityProvider)
    : (onFargate(capacity.spot, { network }) as TaskLaunch);
