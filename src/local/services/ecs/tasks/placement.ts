import type { PlacementConstraint, PlacementStrategy } from "@aws-sdk/client-ecs";
import { nameOf } from "../../../core/arn.js";
import { attributesOf, needsOf, remainingOf, tasksOn } from "../clusters/container-instance-resources.js";
import type { Cluster, ContainerInstance, Placing, TaskDefinitionRecord } from "../state.js";
import { isMember } from "./member-of.js";

export type Placement = { readonly instance: ContainerInstance } | { readonly why: string };

const unplaceable = "was unable to place a task because no container instance met all of its requirements.";

/** The instance for the next task: spread over zones, then over instances, unless its strategy differs. */
export function placeTask(
  cluster: Cluster,
  placing: Placing,
  definition: TaskDefinitionRecord,
  provider?: string,
): Placement {
  const instances = [...cluster.containerInstances.values()].filter(
    ({ arn, status, capacityProvider, isManaged }) =>
      status === "ACTIVE" &&
      (provider === undefined ? isManaged !== true : provider === capacityProvider) &&
      (placing.containerInstanceArn ?? arn) === arn,
  );
  if (instances.length === 0) {
    return { why: `${unplaceable} Reason: No Container Instances were found in your cluster.` };
  }
  const { placementConstraints = [], placementStrategy = [] } = placing;
  const candidates = instances.map((instance) => ({
    instance,
    why: placementProblem(cluster, placing, instance, definition, placementConstraints),
  }));
  const possible = candidates.filter(({ why }) => why === undefined).map(({ instance }) => instance);
  const best = possible.sort(byPreference(cluster, placing, placementStrategy))[0];
  if (best !== undefined) return { instance: best };
  const closest = candidates[0];
  return {
    why: `${unplaceable} The closest matching container-instance ${nameOf(closest?.instance.arn ?? "")} ${closest?.why}.`,
  };
}

function placementProblem(
  cluster: Cluster,
  placing: Placing,
  instance: ContainerInstance,
  definition: TaskDefinitionRecord,
  constraints: readonly PlacementConstraint[],
): string | undefined {
  if (!instance.agentConnected) return 'encountered error "AGENT"';
  const needs = needsOf(definition.description);
  const remaining = remainingOf(cluster, instance);
  if (needs.ports.some((port) => remaining.ports.includes(port)))
    return "is already using a port required by your task";
  if (needs.memory > remaining.memory) return "has insufficient memory available";
  if (needs.cpu > remaining.cpu) return "has insufficient CPU units available";
  if (needs.networkInterfaces > remaining.networkInterfaces) return 'encountered error "RESOURCE:ENI"';
  if (needs.gpus > remaining.gpus) return 'encountered error "RESOURCE:GPU"';
  const architecture = definition.description.runtimePlatform?.cpuArchitecture;
  const isArm = attributesOf(instance)["ecs.cpu-architecture"] === "arm64";
  if (architecture !== undefined && (architecture === "ARM64") !== isArm)
    return 'encountered error "ATTRIBUTE"';
  const own = definition.description.placementConstraints ?? [];
  const isDistinct = constraints.some(({ type }) => type === "distinctInstance");
  if (isDistinct && ownTasksOn(cluster, placing, instance).length > 0) {
    return 'encountered error "PLACEMENT_CONSTRAINT_UNSATISFIED"';
  }
  const expressions = [...constraints, ...own].flatMap(({ expression }) => expression ?? []);
  if (!expressions.every((expression) => isMember(expression, attributesOf(instance))))
    return 'encountered error "MemberOf placement constraint unsatisfied."';
  return undefined;
}

const ownTasksOn = (cluster: Cluster, { serviceName: name }: Placing, instance: ContainerInstance) =>
  tasksOn(cluster, instance).filter(
    ({ serviceName, description }) => serviceName === name && description.desiredStatus === "RUNNING",
  );

function byPreference(cluster: Cluster, placing: Placing, strategy: readonly PlacementStrategy[]) {
  const all = [...cluster.containerInstances.values()];
  const own = (instance: ContainerInstance) => ownTasksOn(cluster, placing, instance).length;
  const ownInZone = (zone: string) =>
    all.reduce((sum, instance) => sum + (instance.zone === zone ? own(instance) : 0), 0);
  const by = ({ type, field = "" }: PlacementStrategy) => {
    const lower = field.toLowerCase();
    return (one: ContainerInstance): number => {
      if (type === "binpack") return remainingOf(cluster, one)[lower === "cpu" ? "cpu" : "memory"];
      if (lower === "attribute:ecs.availability-zone") return ownInZone(one.zone);
      return lower === "instanceid" || lower === "host" ? own(one) : 0;
    };
  };
  const orders: ((instance: ContainerInstance) => number)[] = [
    ...strategy.map(by),
    (one) => ownInZone(one.zone),
    own,
    (one) => tasksOn(cluster, one).length,
  ];
  return (one: ContainerInstance, other: ContainerInstance): number => {
    for (const order of orders) {
      const difference = order(one) - order(other);
      if (difference !== 0) return difference;
    }
    return 0;
  };
}
