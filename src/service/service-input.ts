import type { DeploymentSpec } from "../spec/deployment-spec.js";
import type { ServiceDesired } from "./service-desired.js";

/** What is known of a service's surroundings once they exist. */
export interface ServiceSurroundings {
  readonly cluster: string;
  /** The revision's ARN. */
  readonly taskDefinition: string;
  readonly targetGroupArn?: string | undefined;
  /** Through which its instances are scaled; `undefined` where nobody, or somebody else, does. */
  readonly capacityProvider?: string | undefined;
  /** On Fargate, where every task has a network interface of its own. */
  readonly network?:
    | {
        readonly subnetIds: readonly string[];
        readonly securityGroupIds: readonly string[];
        readonly isPublic?: boolean;
      }
    | undefined;
}

/** Seconds in which a new task may still fail the load balancer's checks: applications take a while to start. */
const GRACE = 60;

/** The ECS service that a deployment describes. */
export function serviceInput(spec: DeploymentSpec, known: ServiceSurroundings): ServiceDesired {
  const { service, container, cluster } = spec;
  return {
    cluster: known.cluster,
    serviceName: service.name,
    taskDefinition: known.taskDefinition,
    // Once the count is autoscaling's, it is never sent.
    desiredCount: spec.scaling === undefined ? service.desired : undefined,
    ...(spec.scaling === undefined ? {} : { firstCount: service.desired ?? spec.scaling.min }),
    ...(cluster.capacity.type === "ec2"
      ? onInstances(known.capacityProvider)
      : onFargate(cluster.capacity.spot, known)),
    loadBalancers: loadBalancers(known.targetGroupArn, container.name, container.port),
    deploymentConfiguration: {
      minimumHealthyPercent: service.minHealthyPercent,
      maximumPercent: service.maxPercent,
      deploymentCircuitBreaker: { enable: service.circuitBreaker, rollback: service.circuitBreaker },
    },
    ...(known.targetGroupArn !== undefined && {
      healthCheckGracePeriodSeconds: service.healthCheckGrace ?? GRACE,
    }),
    // Moving a task to another zone needs room for one more.
    availabilityZoneRebalancing: service.maxPercent > 100 ? "ENABLED" : "DISABLED",
    enableECSManagedTags: true,
    propagateTags: "SERVICE",
    enableExecuteCommand: service.exec,
    rollout: "unbroken",
    tags: spec.tags,
  };
}

/** Spread over the zones, and there over the instances. */
export const onInstances = (
  capacityProvider?: string,
): Pick<ServiceDesired, "launchType" | "capacityProviderStrategy" | "placementStrategy"> => ({
  // A task that finds no room waits for a new instance only if it comes through a capacity provider.
  ...(capacityProvider === undefined
    ? { launchType: "EC2" as const, capacityProviderStrategy: undefined }
    : { capacityProviderStrategy: [{ capacityProvider, weight: 1 }] }),
  placementStrategy: [
    { type: "spread" as const, field: "attribute:ecs.availability-zone" },
    { type: "spread" as const, field: "instanceId" },
  ],
});

export function onFargate(
  spot: boolean,
  { network }: Pick<ServiceSurroundings, "network">,
): Pick<ServiceDesired, "launchType" | "capacityProviderStrategy" | "networkConfiguration"> {
  return {
    ...(spot
      ? { capacityProviderStrategy: [{ capacityProvider: "FARGATE_SPOT", weight: 1 }] }
      : { launchType: "FARGATE" as const, capacityProviderStrategy: undefined }),
    networkConfiguration: {
      awsvpcConfiguration: {
        subnets: [...(network?.subnetIds ?? [])],
        securityGroups: [...(network?.securityGroupIds ?? [])],
        // In public subnets there is no other way to the registry.
        assignPublicIp: network?.isPublic === false ? "DISABLED" : "ENABLED",
      },
    },
  };
}

function loadBalancers(
  targetGroupArn: string | undefined,
  containerName: string,
  containerPort: number | undefined,
): ServiceDesired["loadBalancers"] {
  if (targetGroupArn === undefined || containerPort === undefined) return [];
  return [{ targetGroupArn, containerName, containerPort }];
}
