import type { Service } from "@aws-sdk/client-ecs";
import type { PlacementSpec } from "../spec/placement.js";
import { SPREAD } from "../spec/placement.js";
import type { Capacity, ServiceDesired } from "./service-desired.js";

/** Subnets and security groups of tasks that have a network interface of their own. */
export interface TaskNetworkInput {
  readonly subnetIds: readonly string[];
  readonly securityGroupIds: readonly string[];
  /** @defaultValue `true` */
  readonly isPublic?: boolean;
}

/** What a service runs on: by its capacity provider strategy, or by its launch type. */
export function capacityOf({
  launchType,
  capacityProviderStrategy: [first] = [],
}: Pick<Service, "launchType" | "capacityProviderStrategy">): Capacity {
  // ECS does not mix instances and Fargate in one strategy.
  const isFargate = first?.capacityProvider?.startsWith("FARGATE") ?? launchType === "FARGATE";
  return isFargate ? "FARGATE" : "EC2";
}

/** The fields that place tasks on the cluster's instances. */
export const onInstances = (
  placement: PlacementSpec = SPREAD,
  capacityProvider?: string,
): Pick<
  ServiceDesired,
  "launchType" | "capacityProviderStrategy" | "placementStrategy" | "placementConstraints"
> => ({
  // A task without room waits for a new instance only if it is started through a capacity provider.
  ...(capacityProvider === undefined
    ? { launchType: "EC2" as const, capacityProviderStrategy: undefined }
    : { capacityProviderStrategy: [{ capacityProvider, weight: 1 }] }),
  placementStrategy: placement.strategy.map((each) => ({ ...each })),
  // Present even if there are none, so that a service that has constraints loses them.
  placementConstraints:
    placement.constraints.length === 0 ? undefined : placement.constraints.map((each) => ({ ...each })),
});

/** The fields that run tasks on Fargate or Fargate Spot. */
export function onFargate(
  spot: boolean,
  { network }: { readonly network?: TaskNetworkInput | undefined },
): Pick<ServiceDesired, "launchType" | "capacityProviderStrategy" | "networkConfiguration"> {
  return {
    ...(spot
      ? { capacityProviderStrategy: [{ capacityProvider: "FARGATE_SPOT", weight: 1 }] }
      : { launchType: "FARGATE" as const, capacityProviderStrategy: undefined }),
    networkConfiguration: {
      awsvpcConfiguration: {
        subnets: [...(network?.subnetIds ?? [])],
        securityGroups: [...(network?.securityGroupIds ?? [])],
        // In public subnets only a public address reaches the registry.
        assignPublicIp: network?.isPublic === false ? "DISABLED" : "ENABLED",
      },
    },
  };
}
