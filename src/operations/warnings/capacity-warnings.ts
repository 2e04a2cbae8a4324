import type { AwsContext } from "../../aws/context.js";
import type { AutoScalingGroupDesired } from "../../cluster/auto-scaling-group.js";
import type { InstanceBoundsDesired } from "../../cluster/instance-bounds.js";
import type { InstanceTypeState } from "../../cluster/instance-type.js";
import type { LaunchTemplateDesired } from "../../cluster/launch-template.js";
import type { Observation } from "../../engine/observe.js";
import type { ServiceDesired } from "../../service/service-desired.js";
import { autoScalingGroupName } from "../../spec/derived-names.js";
import { countOf, needsOf } from "./task-needs.js";
import { hostPortWarning } from "./task-network-warnings.js";

type Observed = Observation<AwsContext>;

/** The share of an instance's memory that is available to tasks: a t2.micro registers 957 of its 1,024 MiB. */
const REGISTERED = 0.935;
const CPU_UNITS = 1024;

/**
 * The clusters of ours that are too small for the minimum of tasks, even at the highest maximum that a schedule
 * sets. Tasks in the network mode `awsvpc` need a network interface each, and those with a host port of the user's an
 * instance each. `.override(…)` is not considered.
 */
export function capacityWarnings(all: readonly Observed[]): string[] {
  const of = (kind: string): Observed[] => all.filter(({ node }) => node.kind.kind === kind);
  return of("auto-scaling-group").flatMap(({ node: { claim }, desired, observed }) => {
    const { groupName, max: described } = desired as AutoScalingGroupDesired;
    // The bounds of a cluster that is only named are not changed.
    const configuredMax =
      claim === "use" ? ((observed?.current as { max?: number } | undefined)?.max ?? described) : described;
    const bounds = of("instance-bounds").find(({ node }) => node.name === groupName)?.desired;
    const max = Math.max(
      configuredMax,
      ...((bounds as InstanceBoundsDesired | undefined)?.scheduled?.max ?? []),
    );
    const template = of("launch-template").find(({ node }) => node.name === groupName);
    const { instanceType = "" } = (template?.desired ?? {}) as Partial<LaunchTemplateDesired>;
    const type = of("instance-type").find(({ node }) => node.name === instanceType)?.observed?.state;
    if (type === undefined) return [];
    const { memory, vcpus, networkInterfaces = Infinity } = type as InstanceTypeState;
    const available = { cpu: vcpus * CPU_UNITS, memory: Math.floor(memory * REGISTERED) };
    // Compared by name, because a cluster that does not exist yet has no state.
    const services = of("service").filter(
      ({ desired: one }) => autoScalingGroupName((one as ServiceDesired).cluster) === groupName,
    );
    let instances = 0;
    /** The most tasks of a service that places no two of them on one instance. */
    let distinct = 0;
    const misfits: string[] = [];
    /** The rollouts that cannot place a task. */
    const blocked: string[] = [];
    /** The services whose tasks take the network interfaces before the memory. */
    const limited: string[] = [];
    for (const service of services) {
      const needs = needsOf(service, of("task-definition"));
      if (needs === undefined) continue;
      const fits = Math.floor(Math.min(available.cpu / needs.cpu, available.memory / needs.memory));
      // The first interface is the instance's own.
      const fit = needs.hasOwnInterface ? Math.min(fits, networkInterfaces - 1) : fits;
      if (fit < fits) limited.push(service.node.name);
      if (fit === 0)
        misfits.push(
          `a task of ${service.node.name} does not fit on ${article(instanceType)} ${instanceType}: it needs ` +
            `${needs.cpu} CPU units and ${needs.memory} MiB, but only ${available.cpu} and about ` +
            `${available.memory} are available`,
        );
      else {
        const count = countOf(service, of("scalable-target"));
        blocked.push(...hostPortWarning(service, needs, { groupName, max }, of("scalable-target")));
        instances += count / fit;
        if (isDistinct(service) || needs.hostPorts.length > 0) distinct = Math.max(distinct, count);
      }
    }
    const needed = Math.max(Math.ceil(instances), distinct);
    if (misfits.length > 0 || needed <= max) return [...misfits, ...blocked];
    const names = services.map(({ node }) => node.name).join(", ");
    return [
      `${groupName} is too small for ${names}: ${services.length === 1 ? "it needs" : "they need"} about ` +
        `${needed} instances of ${instanceType}, but the maximum is ${max}${interfaceNote(limited, instanceType, networkInterfaces)}`,
    ];
  });
}

/** Says why fewer tasks fit than the memory has room for. */
const interfaceNote = (limited: readonly string[], instanceType: string, interfaces: number): string =>
  limited.length === 0
    ? ""
    : `: each task of ${limited.join(", ")} has a network interface of its own, and ${article(instanceType)} ` +
      `${instanceType} has ${interfaces - 1} for tasks (more with ECS's account setting awsvpcTrunking, on instance types that support it)`;

/** "a t3.small", but "an m5.large". */
const article = (instanceType: string): string =>
  /^(?:[afhimrx]\d|hpc|i[mns])/.test(instanceType) ? "an" : "a";

const isDistinct = ({ desired }: Observed): boolean =>
  (desired as ServiceDesired).placementConstraints?.some(({ type }) => type === "distinctInstance") ?? false;
