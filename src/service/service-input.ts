import type { CreateServiceCommandInput } from "@aws-sdk/client-ecs";
import type { AwsContext } from "../aws/context.js";
import { toEcsTags } from "../aws/tags.js";
import type { DeploymentSpec } from "../spec/deployment-spec.js";
import type { PlacementSpec } from "../spec/placement.js";
import { SPREAD } from "../spec/placement.js";
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
      ? onInstances(service.placement, known.capacityProvider)
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
    availabilityZoneRebalancing:
      service.maxPercent > 100 && evensZones(service.placement) ? "ENABLED" : "DISABLED",
    enableECSManagedTags: true,
    propagateTags: "SERVICE",
    enableExecuteCommand: service.exec,
    rollout: "unbroken",
    tags: spec.tags,
  };
}

/** Where tasks of EC2 go. */
export const onInstances = (
  placement: PlacementSpec = SPREAD,
  capacityProvider?: string,
): Pick<
  ServiceDesired,
  "launchType" | "capacityProviderStrategy" | "placementStrategy" | "placementConstraints"
> => ({
  // A task that finds no room waits for a new instance only if it comes through a capacity provider.
  ...(capacityProvider === undefined
    ? { launchType: "EC2" as const, capacityProviderStrategy: undefined }
    : { capacityProviderStrategy: [{ capacityProvider, weight: 1 }] }),
  placementStrategy: placement.strategy.map((each) => ({ ...each })),
  // There also when there are none: a service that has some loses them.
  placementConstraints:
    placement.constraints.length === 0 ? undefined : placement.constraints.map((each) => ({ ...each })),
});

/**
 * Whether ECS may move tasks between zones to even them out. Source: ECS Developer Guide, "Balancing an
 * Amazon ECS service across Availability Zones": zones are spread over first, and no constraint is on them.
 */
const evensZones = ({ strategy, constraints }: PlacementSpec = SPREAD): boolean =>
  (strategy[0] === undefined || strategy[0].field?.toLowerCase() === "attribute:ecs.availability-zone") &&
  !constraints.some(({ expression = "" }) => /ecs\.availability-zone/i.test(expression));

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
/** Tasks of a service when nobody says how many: one may be lost, or replaced, without an outage. */
const FIRST_COUNT = 2;

export function serviceCreateInput(desired: ServiceDesired): CreateServiceCommandInput {
  const { tags, firstCount = FIRST_COUNT, rollout: _, countIsMeant: __, ...rest } = desired;
  const { capacityProviderStrategy, placementConstraints, ...described } = rest;
  return {
    ...described,
    desiredCount: desired.desiredCount ?? firstCount,
    ...(capacityProviderStrategy !== undefined && { capacityProviderStrategy }),
    ...(placementConstraints !== undefined && { placementConstraints }),
    ...(Object.keys(tags).length > 0 && { tags: toEcsTags(tags) }),
  };
}
/** The service as the user's override of its creation describes it: updates keep to that, too. */

export function overriddenService(desired: ServiceDesired, context: AwsContext): ServiceDesired {
  const {
    tags: _,
    desiredCount: __,
    ...sent
  } = context.overridden("createService", serviceCreateInput(desired));
  return { ...desired, ...(sent as Partial<ServiceDesired>) };
}
