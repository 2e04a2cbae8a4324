import type {
  CapacityProviderStrategyItem,
  PlacementConstraint,
  PlacementStrategy,
  Service,
} from "@aws-sdk/client-ecs";
import { isDeepStrictEqual } from "node:util";
import { siblingArn } from "../aws/arn.js";
import { sortLike } from "../engine/diff.js";
import type { Observed } from "../engine/kind.js";
import type { ServiceDesired } from "./service-desired.js";

type Current = Observed<ServiceDesired, never>["current"];

/**
 * A service as DescribeServices returns it, in the shape of the description, and equal to it where it is
 * what was sent (the description, overridden). What an endpoint does not return is left out;
 * `desiredCount` is added by who knows whether autoscaling owns it.
 */
export function currentService(service: Service, desired: ServiceDesired, sent = desired): Current {
  const current = inShapeOf(sent, service) as Record<string, unknown>;
  return Object.fromEntries(
    Object.entries(current).map(([field, value]) => {
      const key = field as keyof ServiceDesired;
      if (isDeepStrictEqual(value, sent[key])) return [key, desired[key]];
      const isAsBeforeOverride = isDeepStrictEqual(value, desired[key]);
      return [key, isAsBeforeOverride ? `${JSON.stringify(value)} (without the override)` : value];
    }),
  );
}

function inShapeOf(desired: ServiceDesired, service: Service): Current {
  const { deploymentConfiguration: deployment, healthCheckGracePeriodSeconds: grace } = service;
  const strategy = service.capacityProviderStrategy ?? [];
  return {
    cluster: desired.cluster,
    serviceName: desired.serviceName,
    taskDefinition: taskDefinitionArn(service),
    loadBalancers: (service.loadBalancers ?? []).map((each) => likeOneOf(desired.loadBalancers, each)),
    ...("networkConfiguration" in desired && { networkConfiguration: network(service, desired) }),
    ...(desired.launchType !== undefined && {
      launchType: isOf(desired.launchType, strategy) ? desired.launchType : service.launchType,
      ...(strategy.length > 0 && { capacityProviderStrategy: strategy }),
    }),
    ...(desired.capacityProviderStrategy !== undefined &&
      strategy.length > 0 && {
        capacityProviderStrategy: strategy.map(({ capacityProvider, weight = 0, base = 0 }, index) => ({
          capacityProvider,
          ...onlyLike(desired.capacityProviderStrategy?.[index] ?? {}, { weight, base }),
        })),
      }),
    ...(deployment !== undefined && {
      deploymentConfiguration: {
        minimumHealthyPercent: deployment.minimumHealthyPercent,
        maximumPercent: deployment.maximumPercent,
        deploymentCircuitBreaker: {
          enable: deployment.deploymentCircuitBreaker?.enable ?? false,
          rollback: deployment.deploymentCircuitBreaker?.rollback ?? false,
        },
      },
    }),
    ...(grace !== undefined && { healthCheckGracePeriodSeconds: grace }),
    ...(service.placementStrategy !== undefined && {
      placementStrategy: service.placementStrategy.map((each, index) =>
        placement(each, desired.placementStrategy?.[index]),
      ),
    }),
    ...(service.placementConstraints !== undefined && {
      placementConstraints: constraintsOf(desired.placementConstraints, service.placementConstraints),
    }),
    ...(service.availabilityZoneRebalancing !== undefined && {
      availabilityZoneRebalancing: service.availabilityZoneRebalancing,
    }),
    ...(service.enableECSManagedTags !== undefined && { enableECSManagedTags: service.enableECSManagedTags }),
    ...(service.enableExecuteCommand !== undefined && {
      enableExecuteCommand: service.enableExecuteCommand,
    }),
    ...(service.propagateTags !== undefined && { propagateTags: service.propagateTags }),
  };
}

/** An endpoint may return `family:revision`, as it was sent. */
export function taskDefinitionArn({ taskDefinition = "", serviceArn = "" }: Service): string {
  if (taskDefinition.startsWith("arn:")) return taskDefinition;
  return siblingArn(serviceArn, `task-definition/${taskDefinition}`);
}

function network({ networkConfiguration }: Service, desired: ServiceDesired): unknown {
  const reported = networkConfiguration?.awsvpcConfiguration;
  if (reported === undefined) return undefined;
  const described = desired.networkConfiguration?.awsvpcConfiguration;
  return {
    awsvpcConfiguration: {
      subnets: sortLike(described?.subnets ?? [], reported.subnets ?? []),
      securityGroups: sortLike(described?.securityGroups ?? [], reported.securityGroups ?? []),
      assignPublicIp: reported.assignPublicIp ?? "DISABLED",
    },
  };
}

/** Fields that AWS fills in beside the described ones do not count. */
function likeOneOf(described: readonly object[], reported: object): object {
  return described.find((each) => matches(each, reported)) ?? reported;
}

const matches = (described: object, reported: object): boolean =>
  Object.entries(described).every(([key, value]) => value === (reported as Record<string, unknown>)[key]);

/** A service with a strategy has no launch type, and can go back to the one that its capacity is of. */
const isOf = (launchType: string, strategy: readonly CapacityProviderStrategyItem[]): boolean =>
  strategy.length > 0 &&
  strategy.every(
    ({ capacityProvider = "" }) => capacityProvider.startsWith("FARGATE") === (launchType === "FARGATE"),
  );

const onlyLike = (described: object, reported: object): object =>
  Object.fromEntries(Object.entries(reported).filter(([key, value]) => key in described || value !== 0));

/** A set: the order in which ECS keeps them does not count. */
function constraintsOf(
  described: readonly PlacementConstraint[] = [],
  reported: readonly PlacementConstraint[],
): PlacementConstraint[] | undefined {
  const left = reported.filter((each) => !described.some((one) => isDeepStrictEqual(one, each)));
  const there = described.filter((each) => reported.some((one) => isDeepStrictEqual(one, each)));
  return reported.length === 0 ? undefined : [...there, ...left];
}

/** Fields come back in upper case, and `host` as `instanceId`. */
function placement(
  { type, field }: PlacementStrategy,
  described: PlacementStrategy | undefined,
): PlacementStrategy {
  const lower = field?.toLowerCase();
  const spelled =
    lower === "host" || lower === "instanceid"
      ? "instanceId"
      : lower === described?.field?.toLowerCase()
        ? described?.field
        : lower;
  return { ...(type !== undefined && { type }), ...(spelled !== undefined && { field: spelled }) };
}
