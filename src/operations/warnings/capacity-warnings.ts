import type { ContainerDefinition, RegisterTaskDefinitionCommandInput } from "@aws-sdk/client-ecs";
import type { AwsContext } from "../../aws/context.js";
import type { AutoScalingGroupDesired } from "../../cluster/auto-scaling-group.js";
import type { InstanceBoundsDesired } from "../../cluster/instance-bounds.js";
import type { InstanceTypeState } from "../../cluster/instance-type.js";
import type { LaunchTemplateDesired } from "../../cluster/launch-template.js";
import type { Observation } from "../../engine/observe.js";
import type { ScalableTargetDesired } from "../../scaling/scalable-target.js";
import type { ServiceDesired } from "../../service/service-desired.js";
import { autoScalingGroupName } from "../../spec/derived-names.js";

type Seen = Observation<AwsContext>;

/** What the system and the agent leave of an instance's memory: a t2.micro registers 957 of its 1,024 MiB. */
const REGISTERED = 0.935;
const CPU_UNITS = 1024;
/** Tasks of a service when nobody says how many. */
const FIRST_COUNT = 2;

/**
 * Instances of ours that cannot hold what is described at least, whatever schedules make of the bounds.
 * Ports do not count: tasks on instances are in bridge mode, where ECS chooses their host ports; nor do
 * network interfaces: in bridge mode, which is all that a chain makes there, tasks share the instance's.
 * What `.override(…)` makes of a request is not seen here.
 */
export function roomWarnings(all: readonly Seen[]): string[] {
  const of = (kind: string): Seen[] => all.filter(({ node }) => node.kind.kind === kind);
  return of("auto-scaling-group").flatMap(({ node: { claim }, desired, observed }) => {
    const { groupName, max: described } = desired as AutoScalingGroupDesired;
    // What is only named has the bounds that it has.
    const most =
      claim === "use" ? ((observed?.current as { max?: number } | undefined)?.max ?? described) : described;
    const bounds = of("instance-bounds").find(({ node }) => node.name === groupName)?.desired;
    const max = Math.max(most, ...((bounds as InstanceBoundsDesired | undefined)?.scheduled?.max ?? []));
    const template = of("launch-template").find(({ node }) => node.name === groupName);
    const { instanceType = "" } = (template?.desired ?? {}) as Partial<LaunchTemplateDesired>;
    const type = of("instance-type").find(({ node }) => node.name === instanceType)?.observed?.state;
    if (type === undefined) return [];
    const { memory, vcpus } = type as InstanceTypeState;
    const room = { cpu: vcpus * CPU_UNITS, memory: Math.floor(memory * REGISTERED) };
    // By name: what a cluster that is not there yet is called is not known of it.
    const services = of("service").filter(
      ({ desired: one }) => autoScalingGroupName((one as ServiceDesired).cluster) === groupName,
    );
    let instances = 0;
    /** Of services that put no two tasks on one instance. */
    let apart = 0;
    const misfits: string[] = [];
    for (const service of services) {
      const needs = needsOf(service, of("task-definition"));
      if (needs === undefined) continue;
      const fit = Math.floor(Math.min(room.cpu / needs.cpu, room.memory / needs.memory));
      if (fit === 0)
        misfits.push(
          `a task of ${service.node.name} fits on no ${instanceType}: it needs ${needs.cpu} CPU units and ` +
            `${needs.memory} MiB, and there are ${room.cpu} and about ${room.memory}`,
        );
      else {
        const count = countOf(service, of("scalable-target"));
        instances += count / fit;
        if (isApart(service)) apart = Math.max(apart, count);
      }
    }
    const needed = Math.max(Math.ceil(instances), apart);
    if (misfits.length > 0 || needed <= max) return misfits;
    const names = services.map(({ node }) => node.name).join(", ");
    return [
      `${groupName} cannot hold what ${names} needs at least: about ${needed} instances of ` +
        `${instanceType}, and there are ${max} at most`,
    ];
  });
}

/** Not less than 1 each, so that nothing is divided by nothing. */
function needsOf(service: Seen, definitions: readonly Seen[]) {
  const name = service.node.needs.find(([key]) => key === "taskDefinition")?.[1].ref.id;
  const found = definitions.find(({ node }) => node.id === name)?.desired;
  const input = (found as { readonly input?: RegisterTaskDefinitionCommandInput } | undefined)?.input;
  const containers = input?.containerDefinitions;
  if (containers === undefined) return undefined;
  const sum = (value: (container: ContainerDefinition) => number) =>
    Math.max(
      1,
      containers.reduce((total, container) => total + value(container), 0),
    );
  return {
    cpu: sum(({ cpu = 0 }) => cpu),
    memory: sum(({ memory = 0, memoryReservation }) => memoryReservation ?? memory),
  };
}

const isApart = ({ desired }: Seen): boolean =>
  (desired as ServiceDesired).placementConstraints?.some(({ type }) => type === "distinctInstance") ?? false;

/** How many tasks there are at least, or are to be at some time. */
function countOf(service: Seen, targets: readonly Seen[]): number {
  const { cluster, serviceName, desiredCount, firstCount } = service.desired as ServiceDesired;
  const target = targets
    .map(({ desired }) => desired as ScalableTargetDesired)
    .find((one) => one.clusterName === cluster && one.serviceName === serviceName);
  if (target !== undefined) return Math.max(target.min, ...(target.scheduled?.min ?? []));
  return desiredCount ?? firstCount ?? FIRST_COUNT;
}
