import type {
  CapacityProviderStrategyItem,
  LoadBalancer,
  PlacementConstraint,
  PlacementStrategy,
  Service,
} from "@aws-sdk/client-ecs";
import { siblingArn } from "../aws/arn.js";
import { sortLike } from "../engine/diff.js";
import { isUnknown } from "../engine/kind.js";
import { capacityOf } from "./capacity-fields.js";
import { isLikeDeep } from "./is-like-deep.js";
import { swapped } from "./shifted-groups.js";
import type { ServiceDesired } from "./service-desired.js";

/** A field that is described, or reported, as not set; `undefined` is one that is left out. */
export const NONE: unique symbol = Symbol("none");

/*
 * Fields as DescribeServices returns them, written as the description writes them: what AWS adds, orders or
 * spells differently is no difference.
 */

/** The ARN of the task definition; an endpoint may return `family:revision`, as it was sent. */
export function taskDefinitionArn({ taskDefinition = "", serviceArn = "" }: Service): string {
  if (taskDefinition.startsWith("arn:")) return taskDefinition;
  return siblingArn(serviceArn, `task-definition/${taskDefinition}`);
}

/**
 * The load balancers; fields that AWS adds to a described one are left out. ECS swaps the two target groups of a blue/green
 * deployment with each release.
 */
export const reportedLoadBalancers = (
  { loadBalancers = [] }: Service,
  { loadBalancers: described }: ServiceDesired,
): LoadBalancer[] =>
  loadBalancers.map(
    (reported) =>
      described.find((each) => isLoadBalancer(each, reported) || isLoadBalancer(swapped(each), reported)) ??
      reported,
  );

const isLoadBalancer = (described: LoadBalancer, reported: LoadBalancer): boolean =>
  isLikeDeep(described, reported) &&
  (described.advancedConfiguration === undefined) === (reported.advancedConfiguration === undefined);

const isLike = (described: object, reported: object): boolean =>
  Object.entries(described).every(([key, value]) => value === (reported as Record<string, unknown>)[key]);

/** The service registries; members that AWS adds to a described one are left out. */
export function reportedRegistries(
  { serviceRegistries: reported }: Service,
  { serviceRegistries: described = [] }: ServiceDesired,
): unknown {
  if (reported === undefined) return undefined;
  if (reported.length === 0) return NONE;
  return reported.map((each) => described.find((one) => isLike(one, each)) ?? each);
}

/** The network configuration, its lists in the order of the description. */
export function reportedNetwork({ networkConfiguration }: Service, desired: ServiceDesired): unknown {
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

/**
 * The volumes of the newest deployment, with the described members: ECS adds tags of its own. Left out if the endpoint
 * knows none.
 */
export function reportedVolumes(
  { deployments = [] }: Service,
  { volumeConfigurations: described }: ServiceDesired,
): unknown {
  const reported = deployments.find(({ status }) => status === "PRIMARY")?.volumeConfigurations ?? [];
  if (reported.length === 0 && described === undefined) return undefined;
  return reported.map((one) => {
    const same = described?.find(({ name }) => name === one.name);
    return same !== undefined && isLikeDeep(same, one) ? same : one;
  });
}

/**
 * The launch type. A service with a capacity provider strategy has none; it can return to the launch type
 * of the same capacity, which is then reported as the described one.
 */
export function reportedLaunchType(service: Service, described: "EC2" | "FARGATE"): unknown {
  const { launchType, capacityProviderStrategy: strategy = [] } = service;
  return strategy.length > 0 && capacityOf(service) === described ? described : launchType;
}

/** The capacity provider strategy, without zeros that the description does not name. */
export const reportedStrategy = (
  reported: readonly CapacityProviderStrategyItem[],
  described: readonly CapacityProviderStrategyItem[],
): unknown =>
  reported.map(({ capacityProvider, weight = 0, base = 0 }, index) => ({
    capacityProvider,
    ...Object.fromEntries(
      Object.entries({ weight, base }).filter(
        ([key, value]) => key in (described[index] ?? {}) || value !== 0,
      ),
    ),
  }));

/** The placement constraints, a set: the described ones first. `undefined` if there are none. */
export function reportedConstraints(
  reported: readonly PlacementConstraint[],
  described: readonly PlacementConstraint[] = [],
): PlacementConstraint[] | undefined {
  const others = reported.filter((each) => !described.some((one) => isLike(one, each)));
  const present = described.filter((each) => reported.some((one) => isLike(each, one)));
  return reported.length === 0 ? undefined : [...present, ...others];
}

/** The placement strategy; ECS returns fields in upper case, and `host` for `instanceId`. */
export const reportedPlacement = (
  reported: readonly PlacementStrategy[],
  described: readonly PlacementStrategy[] = [],
): PlacementStrategy[] =>
  reported.map(({ type, field }, index) => {
    const spelled = placementField(field, described[index]?.field);
    return { ...(type !== undefined && { type }), ...(spelled !== undefined && { field: spelled }) };
  });

function placementField(reported: string | undefined, described: string | undefined): string | undefined {
  const lower = reported?.toLowerCase();
  if (lower === "host" || lower === "instanceid") return "instanceId";
  return lower === described?.toLowerCase() ? described : lower;
}

/** If the Cloud Map service does not exist yet, the tasks are registered with another one at most. */
export const currentRegistration = (
  { serviceRegistries: reported = [] }: Service,
  { serviceRegistries: [described] = [] }: ServiceDesired,
): string =>
  reported.length > 0 && isUnknown(described?.registryArn) ? "of an earlier Cloud Map service" : "current";
