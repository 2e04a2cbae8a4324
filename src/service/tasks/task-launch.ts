import type { RunTaskCommandInput } from "@aws-sdk/client-ecs";
import type { ClusterSpec } from "../../spec/cluster.js";
import type { PlacementSpec } from "../../spec/placement.js";
import { onFargate, onInstances } from "../service-input.js";

/** Subnets and security groups of tasks with a network interface of their own. */
export interface TaskNetwork {
  readonly subnetIds: readonly string[];
  readonly securityGroupIds: readonly string[];
  /** Whether the subnets lead to the internet themselves: only there do tasks take a public address. */
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

/** As a service's tasks; what is not asked for is not sent. */
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
 * Where one-off tasks run: as a service's tasks do.
 *
 * @param capacityProvider - of the cluster's instances, if it has one: it starts some for tasks that find no room
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
