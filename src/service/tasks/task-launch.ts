import type { RunTaskCommandInput } from "@aws-sdk/client-ecs";
import type { TaskSpec } from "../../spec/deployment-spec.js";
import { NO_PLACEMENT, type PlacementSpec } from "../../spec/placement.js";
import { ebsVolumes } from "../task-definition/volumes.js";
import { onFargate, onInstances } from "../capacity-fields.js";

/** Subnets and security groups of tasks with a network interface of their own. */
interface TaskNetwork {
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
  | "volumeConfigurations"
>;

/** Placed like a service's tasks; unset fields are not sent. */
function placedOnInstances(
  placement: PlacementSpec | undefined,
  capacityProvider: string | undefined,
  network: TaskNetwork | undefined,
): TaskLaunch {
  const placed = onInstances(placement, capacityProvider, network);
  const { launchType, capacityProviderStrategy, placementStrategy, placementConstraints = [] } = placed;
  const { networkConfiguration } = placed;
  // One-off tasks may share an instance: there may be more of them than instances.
  const members = placementConstraints.filter(({ type }) => type !== "distinctInstance");
  return {
    ...(launchType && { launchType }),
    ...(capacityProviderStrategy && { capacityProviderStrategy }),
    // Managed Instances take none.
    ...(placementStrategy && placementStrategy.length > 0 && { placementStrategy }),
    ...(members.length > 0 && { placementConstraints: members }),
    ...(networkConfiguration && { networkConfiguration }),
  };
}

/** What a task is started with, beside its description. */
export interface LaunchInputs {
  /** In the network mode `awsvpc`. */
  readonly network: TaskNetwork | undefined;
  readonly placement?: PlacementSpec | undefined;
  /** The capacity provider of the cluster's instances: it launches instances for tasks that cannot be placed. */
  readonly capacityProvider?: string | undefined;
  /** The ARN of the role with which ECS creates EBS volumes. */
  readonly infrastructureRole?: string | undefined;
}

/** The capacity, network and volumes of one-off tasks, the same as a service's. */
export function taskLaunch(
  { cluster: { capacity }, volumes, tags }: Pick<TaskSpec, "cluster" | "volumes" | "tags">,
  { network, placement, capacityProvider, infrastructureRole }: LaunchInputs,
): TaskLaunch {
  const ebs = ebsVolumes(volumes, infrastructureRole, tags);
  const placed =
    capacity.type === "fargate"
      ? (onFargate(capacity.spot, { network }) as TaskLaunch)
      : placedOnInstances(
          // ECS spreads them by itself on Managed Instances.
          capacity.type === "managed-instances" ? (placement ?? NO_PLACEMENT) : placement,
          capacityProvider,
          network,
        );
  return { ...placed, ...(ebs.length > 0 && { volumeConfigurations: ebs }) };
}
