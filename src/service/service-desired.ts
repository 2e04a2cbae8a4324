import type {
  AvailabilityZoneRebalancing,
  AwsVpcConfiguration,
  CapacityProviderStrategyItem,
  LoadBalancer,
  PlacementConstraint,
  PlacementStrategy,
} from "@aws-sdk/client-ecs";
import type { Tagged } from "../engine/kind.js";

/** CreateService's input, as far as a deployment describes it. */
export interface ServiceDesired extends Tagged {
  /** The cluster's name. */
  readonly cluster: string;
  readonly serviceName: string;
  /** The revision's ARN. */
  readonly taskDefinition: string;
  /** `undefined`: 2 when it is created, and whatever it has afterwards. */
  readonly desiredCount: number | undefined;
  /** Not AWS's word: how many it is created with when autoscaling owns the count from then on. */
  readonly firstCount?: number;
  /** Not AWS's word: the count is meant, whoever else decides on it. `at-least`: more is as good. */
  readonly countIsMeant?: "exactly" | "at-least";
  /** One of the two. */
  readonly launchType?: "EC2" | "FARGATE";
  readonly capacityProviderStrategy?: CapacityProviderStrategyItem[] | undefined;
  /** Only in awsvpc mode. */
  readonly networkConfiguration?: { readonly awsvpcConfiguration: AwsVpcConfiguration };
  readonly loadBalancers: LoadBalancer[];
  readonly deploymentConfiguration: ServiceDeploymentConfiguration;
  /** Only with a load balancer. */
  readonly healthCheckGracePeriodSeconds?: number;
  /** Only on EC2. */
  readonly placementStrategy?: PlacementStrategy[];
  /** Only on EC2; `undefined`: none. */
  readonly placementConstraints?: PlacementConstraint[] | undefined;
  readonly availabilityZoneRebalancing: AvailabilityZoneRebalancing;
  readonly enableECSManagedTags: boolean;
  readonly propagateTags: "SERVICE" | "TASK_DEFINITION" | "NONE";
  /** Whether ECS Exec may start processes in its tasks. */
  readonly enableExecuteCommand: boolean;
  /** Not AWS's word: a rollout that failed and was not rolled back is begun anew. */
  readonly rollout: "unbroken";
}

export interface ServiceDeploymentConfiguration {
  readonly minimumHealthyPercent: number;
  readonly maximumPercent: number;
  readonly deploymentCircuitBreaker: { readonly enable: boolean; readonly rollback: boolean };
}
