import type { Service, UpdateServiceCommandInput } from "@aws-sdk/client-ecs";
import type { FieldChange } from "../engine/kind.js";
import type { DeploymentSpec } from "../spec/deployment-spec.js";
import type { PlacementSpec } from "../spec/placement.js";
import { SPREAD } from "../spec/placement.js";
import { onFargate, onInstances, onManagedInstances, type TaskNetworkInput } from "./capacity-fields.js";
import {
  NONE,
  reportedConstraints,
  reportedLaunchType,
  reportedLoadBalancers,
  reportedNetwork,
  reportedPlacement,
  reportedRegistries,
  reportedStrategy,
  reportedVolumes,
  taskDefinitionArn,
} from "./reported-fields.js";
import { serviceLoadBalancers, type RouteTargetGroups } from "./service-load-balancers.js";
import { blueGreenConfiguration, leavesAlarms, NO_ALARMS, reportedBlueGreen } from "./ecs-blue-green.js";
import { connectConfiguration, reportedConnect } from "./connect-configuration.js";
import { ebsVolumes } from "./task-definition/volumes.js";
import type { ServiceDesired } from "./service-desired.js";

/** The names and ARNs of other resources that a service refers to. */
export interface ServiceDependencies extends RouteTargetGroups {
  readonly cluster: string;
  /** The revision's ARN. */
  readonly taskDefinition: string;
  /** The capacity provider that scales its instances; `undefined` if none does, or another one's. */
  readonly capacityProvider?: string | undefined;
  /** In the network mode `awsvpc`, in which every task has a network interface of its own. */
  readonly network?: TaskNetworkInput | undefined;
  /** The ARN of the Cloud Map namespace of Service Connect. */
  readonly namespaceArn?: string | undefined;
  /** The ARN of the role with which ECS gets the certificates of Service Connect. */
  readonly connectRole?: string | undefined;
  /** The ARN of the Cloud Map service with which its tasks are registered. */
  readonly registryArn?: string | undefined;
  /** The region, for the logs of Service Connect's proxies. */
  readonly region?: string | undefined;
  /** The ARN of the role with which ECS creates EBS volumes. */
  readonly infrastructureRole?: string | undefined;
}

/** The fields of CreateService that a deployment describes. */
export type ServiceFields = Omit<
  ServiceDesired,
  "tags" | "registration" | "firstCount" | "countIsMeant" | "capacity" | "networkInterface" | "rollout"
>;

/** One field of an ECS service. */
export interface ServiceField<Value = unknown> {
  /** The value that the deployment describes. */
  readonly describe: (spec: DeploymentSpec, known: ServiceDependencies) => Value | typeof NONE | undefined;
  /** The value that DescribeServices returns, in the shape of the description; left out if the endpoint returns none. */
  readonly read?: (service: Service, desired: ServiceDesired) => unknown;
  /** The value that CreateService gets. @defaultValue the described one */
  readonly create?: (desired: ServiceDesired) => Value;
  /** True if UpdateService can change it. */
  readonly update?: boolean;
  /** The value that UpdateService gets if the field is no longer described. */
  readonly reset?: (desired: ServiceDesired) => Value;
  /** Fields that UpdateService needs beside a changed value. */
  readonly withUpdate?: (value: Value, changes: readonly FieldChange[]) => Partial<UpdateServiceCommandInput>;
  /** True if a change takes effect for new tasks only, and begins no rollout by itself. */
  readonly needsNewTasks?: boolean;
  /** The part of the value that the spec hash covers, for endpoints that do not return the field. */
  readonly hashed?: (value: Value | undefined) => unknown;
}

/** Seconds in which a new task may still fail the load balancer's checks: applications take a while to start. */
const GRACE = 60;

/** The number of tasks of a new service without a described count: one may be lost, or replaced, without an outage. */
export const FIRST_COUNT = 2;

const whole = (value: unknown): unknown => value;

/** Every field of an ECS service that quayside sets: how it is described, read, created, updated, reset and hashed. */
const SERVICE_FIELDS: {
  readonly [K in keyof ServiceFields]-?: ServiceField<NonNullable<ServiceFields[K]>>;
} = {
  cluster: {
    describe: (_, { cluster }) => cluster,
    read: (_, { cluster }) => cluster,
  },
  serviceName: {
    describe: ({ service }) => service.name,
    read: (_, { serviceName }) => serviceName,
  },
  taskDefinition: {
    describe: (_, { taskDefinition }) => taskDefinition,
    read: taskDefinitionArn,
    update: true,
  },
  // Not read here: whether it is compared depends on the service's scaling.
  desiredCount: {
    // Once the service scales, its count is never sent.
    describe: ({ scaling, service }) => (scaling === undefined ? service.desired : undefined),
    create: ({ desiredCount, firstCount = FIRST_COUNT }) => desiredCount ?? firstCount,
    update: true,
  },
  launchType: {
    describe: capacityField("launchType"),
    read: (service, { launchType }) =>
      launchType === undefined ? undefined : (reportedLaunchType(service, launchType) ?? NONE),
  },
  capacityProviderStrategy: {
    describe: capacityField("capacityProviderStrategy"),
    read: ({ capacityProviderStrategy: reported = [] }, { capacityProviderStrategy, launchType }) => {
      if (reported.length === 0) return undefined;
      if (capacityProviderStrategy !== undefined) return reportedStrategy(reported, capacityProviderStrategy);
      if (
        launchType === "FARGATE" &&
        reported.every(({ capacityProvider }) => capacityProvider === "FARGATE")
      )
        return NONE;
      return launchType === undefined ? undefined : reported;
    },
    update: true,
    // With an empty strategy, a service returns to the launch type that it had: what one becomes that never had any
    // is not documented. Fargate's is also a capacity provider.
    reset: ({ launchType }) => (launchType === "FARGATE" ? [{ capacityProvider: "FARGATE", weight: 1 }] : []),
    needsNewTasks: true,
    hashed: whole,
  },
  placementStrategy: {
    describe: capacityField("placementStrategy"),
    read: ({ placementStrategy: reported }, { placementStrategy }) =>
      reported && reportedPlacement(reported, placementStrategy),
    update: true,
    hashed: whole,
  },
  placementConstraints: {
    describe: capacityField("placementConstraints"),
    read: ({ placementConstraints: reported }, { placementConstraints }) =>
      reported && (reportedConstraints(reported, placementConstraints) ?? NONE),
    update: true,
    reset: () => [],
    hashed: whole,
  },
  networkConfiguration: {
    describe: capacityField("networkConfiguration"),
    read: (service, desired) =>
      "networkConfiguration" in desired ? (reportedNetwork(service, desired) ?? NONE) : undefined,
    update: true,
  },
  volumeConfigurations: {
    describe: ({ volumes, tags }, { infrastructureRole }) => {
      const all = ebsVolumes(volumes, infrastructureRole, tags);
      return all.length === 0 ? undefined : all;
    },
    read: reportedVolumes,
    update: true,
    reset: () => [],
    hashed: whole,
  },
  serviceConnectConfiguration: {
    describe: (spec, known) => connectConfiguration(spec, known) ?? NONE,
    read: reportedConnect,
    update: true,
    reset: () => ({ enabled: false }),
    needsNewTasks: true,
    // Without the ARN, which is another one each time that the namespace is created.
    hashed: (connect) => connect && { ...connect, namespace: undefined },
  },
  serviceRegistries: {
    describe: ({ serviceDiscovery, task }, { registryArn }) => {
      if (serviceDiscovery === undefined || registryArn === undefined) return NONE;
      const { records, container, port } = serviceDiscovery;
      const needsPort = records === "SRV" || task.networkMode !== "awsvpc";
      return [{ registryArn, ...(needsPort && { containerName: container, containerPort: port }) }];
    },
    read: reportedRegistries,
    update: true,
    reset: () => [],
    needsNewTasks: true,
  },
  loadBalancers: {
    describe: serviceLoadBalancers,
    read: reportedLoadBalancers,
    update: true,
    // ECS takes a service out of its load balancer only together with its grace period.
    withUpdate: (loadBalancers) => (loadBalancers.length === 0 ? { healthCheckGracePeriodSeconds: 0 } : {}),
  },
  deploymentConfiguration: {
    describe: ({ service }) => ({
      minimumHealthyPercent: service.minHealthyPercent,
      maximumPercent: service.maxPercent,
      deploymentCircuitBreaker: { enable: service.circuitBreaker, rollback: service.circuitBreaker },
      ...(service.ecsBlueGreen && blueGreenConfiguration(service.ecsBlueGreen)),
    }),
    read: ({ deploymentConfiguration: reported }) =>
      reported && {
        minimumHealthyPercent: reported.minimumHealthyPercent,
        maximumPercent: reported.maximumPercent,
        deploymentCircuitBreaker: {
          enable: reported.deploymentCircuitBreaker?.enable ?? false,
          rollback: reported.deploymentCircuitBreaker?.rollback ?? false,
        },
        ...reportedBlueGreen(reported),
      },
    update: true,
    // What is not sent stays as it is.
    withUpdate: ({ strategy, ...others }, changes) => ({
      deploymentConfiguration: {
        ...(changes.some(leavesAlarms) && { alarms: NO_ALARMS }),
        ...others,
        strategy: strategy ?? "ROLLING",
      },
    }),
    hashed: whole,
  },
  healthCheckGracePeriodSeconds: {
    // ECS refuses it without a load balancer.
    describe: ({ service }, { targetGroupArn, networkTargetGroups = [] }) =>
      targetGroupArn === undefined && networkTargetGroups.length === 0
        ? undefined
        : (service.healthCheckGrace ?? GRACE),
    read: ({ healthCheckGracePeriodSeconds }) => healthCheckGracePeriodSeconds,
    update: true,
    hashed: whole,
  },
  availabilityZoneRebalancing: {
    // Moving a task to another zone needs capacity for one more.
    describe: ({ service }) =>
      service.maxPercent > 100 && canRebalance(service.placement) ? "ENABLED" : "DISABLED",
    read: ({ availabilityZoneRebalancing }) => availabilityZoneRebalancing,
    update: true,
    hashed: whole,
  },
  enableECSManagedTags: {
    describe: () => true,
    read: ({ enableECSManagedTags }) => enableECSManagedTags,
    update: true,
    hashed: whole,
  },
  propagateTags: {
    describe: () => "SERVICE",
    read: ({ propagateTags }) => propagateTags,
    update: true,
  },
  enableExecuteCommand: {
    describe: ({ service }) => service.exec,
    read: ({ enableExecuteCommand }) => enableExecuteCommand,
    update: true,
    needsNewTasks: true,
    // Only if it is on: services from before there was a choice have the same hash.
    hashed: (isEnabled) => isEnabled || undefined,
  },
};

/** The rows of the table, for loops over all fields. */
export const serviceFields = Object.entries(SERVICE_FIELDS) as unknown as readonly (readonly [
  keyof ServiceFields,
  ServiceField<never>,
])[];

/** A field that depends on the cluster's capacity: instances or Fargate. */
function capacityField<
  K extends
    | "launchType"
    | "capacityProviderStrategy"
    | "placementStrategy"
    | "placementConstraints"
    | "networkConfiguration",
>(field: K) {
  return (
    { cluster: { capacity }, service }: DeploymentSpec,
    known: ServiceDependencies,
  ): NonNullable<ServiceDesired[K]> | typeof NONE | undefined => {
    const fields: Pick<ServiceDesired, K> | object =
      capacity.type === "fargate"
        ? onFargate(capacity.spot, known)
        : capacity.type === "ec2"
          ? onInstances(service.placement, known.capacityProvider, known.network)
          : onManagedInstances(service.placement, known.capacityProvider ?? "", known.network);
    return field in fields ? ((fields as Pick<ServiceDesired, K>)[field] ?? NONE) : undefined;
  };
}

/**
 * True if ECS may move tasks between zones to even them out. Source: ECS Developer Guide, "Balancing an
 * Amazon ECS service across Availability Zones": the first strategy spreads over zones, and no constraint
 * names a zone.
 */
const canRebalance = ({ strategy, constraints }: PlacementSpec = SPREAD): boolean =>
  (strategy[0] === undefined || strategy[0].field?.toLowerCase() === "attribute:ecs.availability-zone") &&
  !constraints.some(({ expression = "" }) => /ecs\.availability-zone/i.test(expression));
