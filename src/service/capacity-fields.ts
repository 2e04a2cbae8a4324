import type { Service } from "@aws-sdk/client-ecs";
import type { PlacementSpec } from "../spec/placement.js";
import type { FargateCapacitySpec } from "../spec/fargate.js";
import { managedInstancesName } from "../spec/derived-names.js";
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
  clusterArn = "",
}: Pick<Service, "launchType" | "capacityProviderStrategy" | "clusterArn">): Capacity {
  // ECS does not mix instances and Fargate in one strategy.
  const isFargate = first?.capacityProvider?.startsWith("FARGATE") ?? launchType === "FARGATE";
  if (isFargate) return "FARGATE";
  const cluster = clusterArn.slice(clusterArn.indexOf("/") + 1);
  const managed = [managedInstancesName(cluster, false), managedInstancesName(cluster, true)];
  return managed.includes(first?.capacityProvider ?? "") ? "MANAGED_INSTANCES" : "EC2";
}

/** The fields that run tasks on Managed Instances, where ECS spreads them by itself. */
export const onManagedInstances = (
  placement: PlacementSpec | undefined,
  capacityProvider: string,
  network?: TaskNetworkInput,
): Pick<ServiceDesired, "capacityProviderStrategy" | "placementConstraints" | "networkConfiguration"> => {
  const { placementStrategy: _, ...fields } = onInstances(placement, capacityProvider, network);
  return fields;
};

/** The fields that place tasks on the cluster's instances. */
export const onInstances = (
  placement: PlacementSpec = SPREAD,
  capacityProvider?: string,
  network?: TaskNetworkInput,
): Pick<
  ServiceDesired,
  | "launchType"
  | "capacityProviderStrategy"
  | "placementStrategy"
  | "placementConstraints"
  | "networkConfiguration"
> => ({
  // A task without room waits for a new instance only if it is started through a capacity provider.
  ...(capacityProvider === undefined
    ? { launchType: "EC2" as const, capacityProviderStrategy: undefined }
    : { capacityProviderStrategy: [{ capacityProvider, weight: 1 }] }),
  placementStrategy: placement.strategy.map((each) => ({ ...each })),
  // Present even if there are none, so that a service that has constraints loses them.
  placementConstraints:
    placement.constraints.length === 0 ? undefined : placement.constraints.map((each) => ({ ...each })),
  // ECS gives tasks on instances no public address.
  ...(network && { networkConfiguration: networkConfiguration(network, "DISABLED") }),
});

/** The fields that run tasks on Fargate or Fargate Spot. */
export function onFargate(
  spot: FargateCapacitySpec["spot"],
  { network }: { readonly network?: TaskNetworkInput | undefined },
): Pick<ServiceDesired, "launchType" | "capacityProviderStrategy" | "networkConfiguration"> {
  return {
    ...(spot === false
      ? { launchType: "FARGATE" as const, capacityProviderStrategy: undefined }
      : { capacityProviderStrategy: spotStrategy(spot) }),
    // In public subnets only a public address reaches the registry.
    networkConfiguration: networkConfiguration(network, network?.isPublic === false ? "DISABLED" : "ENABLED"),
  };
}

const spotStrategy = (
  spot: Exclude<FargateCapacitySpec["spot"], false>,
): NonNullable<ServiceDesired["capacityProviderStrategy"]> =>
  spot === true
    ? [{ capacityProvider: "FARGATE_SPOT", weight: 1 }]
    : [
        { capacityProvider: "FARGATE", weight: 1, ...(spot.base > 0 && { base: spot.base }) },
        { capacityProvider: "FARGATE_SPOT", weight: spot.weight },
      ];

const networkConfiguration = (
  network: TaskNetworkInput | undefined,
  assignPublicIp: "ENABLED" | "DISABLED",
): NonNullable<ServiceDesired["networkConfiguration"]> => ({
  awsvpcConfiguration: {
    subnets: [...(network?.subnetIds ?? [])],
    securityGroups: [...(network?.securityGroupIds ?? [])],
    assignPublicIp,
  },
});
