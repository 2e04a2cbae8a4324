import type { CreateServiceCommandInput } from "@aws-sdk/client-ecs";

/** What a service would be with a call's values over those that it has. */

export type ServiceShape = Pick<
  CreateServiceCommandInput,
  | "launchType"
  | "capacityProviderStrategy"
  | "desiredCount"
  | "deploymentConfiguration"
  | "availabilityZoneRebalancing"
  | "healthCheckGracePeriodSeconds"
  | "loadBalancers"
  | "networkConfiguration"
  | "placementConstraints"
  | "placementStrategy"
>;
