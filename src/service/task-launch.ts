import type { RunTaskCommandInput } from "@aws-sdk/client-ecs";
import type { ClusterSpec, PlacementSpec } from "../spec/deployment-spec.js";
import { onFargate, onInstances } from "./service-input.js";

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

/** By launch type, which finds any instance; what is not asked for is not sent. */
function placedOnInstances(placement: PlacementSpec | undefined): TaskLaunch {
  const { launchType, placementStrategy, placementConstraints = [] } = onInstances(placement);
  // One-off tasks may share an instance: there may be more of them than instances.
  const members = placementConstraints.filter(({ type }) => type !== "distinctInstance");
  return {
    ...(launchType && { launchType }),
    ...(placementStrategy && { placementStrategy }),
    ...(members.length > 0 && { placementConstraints: members }),
  };
}

/** Where one-off tasks run: as a service's tasks do. */
export const taskLaunch = (
  { capacity }: ClusterSpec,
  network: TaskNetwork | undefined,
  placement?: PlacementSpec,
): TaskLaunch =>
  capacity.type === "ec2"
    ? placedOnInstances(placement)
    : (onFargate(capacity.spot, { network }) as TaskLaunch);
