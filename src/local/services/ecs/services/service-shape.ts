import type { CreateServiceCommandInput } from "@aws-sdk/client-ecs";

/** A service with a call's values merged over its existing ones. */

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
  | "volumeConfigurations"
>;
