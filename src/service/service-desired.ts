import type {
  AvailabilityZoneRebalancing,
  AwsVpcConfiguration,
  CapacityProviderStrategyItem,
  LoadBalancer,
  PlacementConstraint,
  PlacementStrategy,
  ServiceRegistry,
  ServiceConnectConfiguration,
} from "@aws-sdk/client-ecs";
import type { EbsVolume } from "./task-definition/volumes.js";
import type { Tagged } from "../engine/kind.js";

/** CreateService's input, as far as a deployment describes it. */
export type Capacity = "EC2" | "FARGATE" | "MANAGED_INSTANCES";

export interface ServiceDesired extends Tagged {
  /** The cluster's name. */
  readonly cluster: string;
  readonly serviceName: string;
  /** The revision's ARN. */
  readonly taskDefinition: string;
  /** `undefined`: 2 at creation, and never changed afterwards. */
  readonly desiredCount: number | undefined;
  /** Not a field of ECS: the count at creation of a service that scales afterwards. */
  readonly firstCount?: number;
  /**
   * Not a field of ECS: the count is enforced, even if the service scales. `at-least`: a higher count is
   * kept.
   */
  readonly countIsMeant?: "exactly" | "at-least";
  /** Either this or a capacity provider strategy. */
  readonly launchType?: "EC2" | "FARGATE";
  readonly capacityProviderStrategy?: CapacityProviderStrategyItem[] | undefined;
  /** Only in awsvpc mode. */
  readonly networkConfiguration?: { readonly awsvpcConfiguration: AwsVpcConfiguration };
  /** The EBS volumes that ECS creates for each task. */
  readonly volumeConfigurations?: EbsVolume[];
  /** `undefined`: not in a Service Connect namespace. */
  readonly serviceConnectConfiguration?: ServiceConnectConfiguration | undefined;
  /** `undefined`: not registered with AWS Cloud Map. */
  readonly serviceRegistries?: ServiceRegistry[] | undefined;
  /**
   * Not a field of ECS: that its tasks are registered with the Cloud Map service that exists. One that is created again
   * has the ARN of the one before, and none of its tasks.
   */
  readonly registration?: "current" | undefined;
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
  /** True if ECS Exec may start processes in its tasks. */
  readonly enableExecuteCommand: boolean;
  /**
   * Not a field of ECS: what its capacity provider strategy runs on. ECS changes a strategy, and not from instances to
   * Fargate or back. A launch type says it itself.
   */
  readonly capacity?: Capacity | undefined;
  /**
   * Not a field of ECS: whether its tasks on instances have a network interface of their own. ECS takes no network
   * configuration away from a service, and no service has target groups of two types.
   */
  readonly networkInterface?: "own" | "none" | undefined;
  /** Not a field of ECS: a rollout that failed and was not rolled back is started again. */
  readonly rollout: "unbroken";
}

interface ServiceDeploymentConfiguration {
  readonly minimumHealthyPercent: number;
  readonly maximumPercent: number;
  readonly deploymentCircuitBreaker: { readonly enable: boolean; readonly rollback: boolean };
  /** `undefined`: ROLLING. */
  readonly strategy?: "BLUE_GREEN" | "LINEAR" | "CANARY";
  readonly bakeTimeInMinutes?: number;
  readonly canaryConfiguration?: { readonly canaryPercent: number; readonly canaryBakeTimeInMinutes: number };
  readonly linearConfiguration?: { readonly stepPercent: number; readonly stepBakeTimeInMinutes: number };
  readonly alarms?: {
    readonly alarmNames: string[];
    readonly enable: boolean;
    readonly rollback: boolean;
  };
}
