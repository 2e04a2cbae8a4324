import type { InstanceRequirementsRequest } from "@aws-sdk/client-ecs";
import type { Account } from "../../../core/account.js";
import { instanceTypesTable, type InstanceTypeFacts } from "../../ec2/instance-types-table.js";
import type { Cluster, ManagedInstancesRecord, TaskRecord } from "../state.js";
import { isMember } from "../tasks/member-of.js";
import { capacityOf } from "./container-instance-capacity.js";
import { attributesOf, needsOf } from "./container-instance-resources.js";

interface InstanceToLaunch {
  readonly type: string;
  readonly subnetId: string;
  readonly imageId: string;
}

interface Bin {
  readonly subnetId: string;
  readonly zone: string;
  types: readonly InstanceTypeFacts[];
  cpu: number;
  memory: number;
}

/**
 * The instances for tasks that wait: spread over the zones of the capacity provider, and in each zone one instance of
 * the smallest type that has room for its tasks, or several of the largest. Tasks that fit on no type are unplaced.
 */
export function instancesFor(
  account: Account,
  cluster: Cluster,
  provider: ManagedInstancesRecord,
  waiting: readonly TaskRecord[],
): { readonly launched: readonly InstanceToLaunch[]; readonly unplaced: readonly TaskRecord[] } {
  const { instanceLaunchTemplate: template } = provider.configuration;
  const subnets = (template?.networkConfiguration?.subnets ?? []).flatMap(
    (id) => account.ec2.subnets.get(id) ?? [],
  );
  const offered = typesOf(template?.instanceRequirements);
  const bins: Bin[] = [];
  const unplaced: TaskRecord[] = [];
  const placed = new Map<string, number>();
  for (const task of waiting) {
    const { serviceName } = task;
    const options = subnets
      .map((subnet) => ({ subnet, types: fitting(offered, task, subnet.zone) }))
      .filter(({ types }) => types.length > 0);
    const key = (zone: string) => `${serviceName} ${zone}`;
    const load = (zone: string) => tasksIn(cluster, serviceName, zone) + (placed.get(key(zone)) ?? 0);
    const best = [...options].sort((one, other) => load(one.subnet.zone) - load(other.subnet.zone))[0];
    if (best === undefined) {
      unplaced.push(task);
      continue;
    }
    const { subnet, types } = best;
    placed.set(key(subnet.zone), (placed.get(key(subnet.zone)) ?? 0) + 1);
    addTo(bins, subnet, types, task);
  }
  const launched = bins.map(({ subnetId, types }) => {
    const [type] = [...types].sort((one, other) => one.vcpus - other.vcpus || one.memory - other.memory);
    return { type: type!.name, subnetId, imageId: imageFor(account, type!) };
  });
  return { launched, unplaced };
}

function addTo(
  bins: Bin[],
  { id: subnetId, zone }: { readonly id: string; readonly zone: string },
  types: readonly InstanceTypeFacts[],
  task: TaskRecord,
): void {
  const { cpu, memory } = needsOf(task.taskDefinition.description);
  for (const bin of bins) {
    if (bin.zone !== zone) continue;
    const left = bin.types.filter(
      (type) => types.includes(type) && hasRoom(type, bin.cpu + cpu, bin.memory + memory),
    );
    if (left.length === 0) continue;
    bin.types = left;
    bin.cpu += cpu;
    bin.memory += memory;
    return;
  }
  bins.push({ subnetId, zone, types, cpu, memory });
}

function hasRoom({ name }: InstanceTypeFacts, cpu: number, memory: number): boolean {
  const room = capacityOf(name);
  return cpu <= room.cpu && memory <= room.memory;
}

const tasksIn = (cluster: Cluster, service: string | undefined, zone: string): number =>
  [...cluster.tasks.values()].filter(
    ({ serviceName, description }) =>
      serviceName === service &&
      description.desiredStatus === "RUNNING" &&
      description.availabilityZone === zone,
  ).length;

function fitting(
  types: readonly InstanceTypeFacts[],
  { taskDefinition: { description }, pendingPlacement }: TaskRecord,
  zone: string,
): InstanceTypeFacts[] {
  const { cpu, memory, gpus } = needsOf(description);
  const isArm = description.runtimePlatform?.cpuArchitecture === "ARM64";
  const expressions = [
    ...(pendingPlacement?.placementConstraints ?? []),
    ...(description.placementConstraints ?? []),
  ].flatMap(({ expression }) => expression ?? []);
  return types.filter(
    (type) =>
      (type.architecture === "arm64") === isArm &&
      (type.accelerator === "gpu") === gpus > 0 &&
      hasRoom(type, cpu, memory) &&
      expressions.every((expression) =>
        isMember(expression, attributesOf({ instanceType: type.name, zone })),
      ),
  );
}

/** The types that meet the requirements. Source: EC2 API reference, InstanceRequirementsRequest, with its defaults. */
function typesOf(wanted: InstanceRequirementsRequest | undefined): InstanceTypeFacts[] {
  const { vCpuCount, memoryMiB, allowedInstanceTypes, excludedInstanceTypes, cpuManufacturers } =
    wanted ?? {};
  const within = (value: number, range: { min?: number | undefined; max?: number | undefined } = {}) =>
    value >= (range.min ?? 0) && value <= (range.max ?? Infinity);
  const burstable = wanted?.burstablePerformance ?? "excluded";
  return [...instanceTypesTable.values()].filter(
    (type) =>
      within(type.vcpus, vCpuCount) &&
      within(type.memory, memoryMiB) &&
      (burstable === "included" || type.burstable === (burstable === "required")) &&
      (allowedInstanceTypes === undefined || matches(type.name, allowedInstanceTypes)) &&
      !matches(type.name, excludedInstanceTypes ?? []) &&
      (cpuManufacturers === undefined || cpuManufacturers.includes(manufacturerOf(type))),
  );
}

/** A pattern may have asterisks: `c5*`, `m5a.*`, `r*`. */
const matches = (name: string, patterns: readonly string[]): boolean =>
  patterns.some((pattern) =>
    new RegExp(`^${pattern.replaceAll(".", "\\.").replaceAll("*", ".*")}$`).test(name),
  );

const manufacturerOf = ({ name, architecture }: InstanceTypeFacts) =>
  architecture === "arm64"
    ? "amazon-web-services"
    : /^[a-z]+\d+a[a-z]*\./.test(name)
      ? ("amd" as const)
      : ("intel" as const);

/** ECS's own image, whose root file system cannot be changed: Bottlerocket. */
const imageFor = (account: Account, { architecture }: InstanceTypeFacts): string =>
  account.ec2.machineImages.find(
    ({ name, architecture: own }) =>
      own === architecture && name.startsWith(`bottlerocket-aws-ecs-2-${architecture}`),
  )?.id ?? "";
