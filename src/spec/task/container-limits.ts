import type { CapacityType } from "../capacity-type.js";
import type { ContainerSpec } from "../container.js";
import type { LogsSpec } from "../logs.js";
import { oneOf } from "../parsing/format-value.js";
import type { Issues } from "../parsing/issues.js";
import { FARGATE_DRIVERS } from "./log-driver.js";
import { logDriverOf } from "./log-groups.js";
import type { TaskSettingsSpec } from "./task-options.js";
import type { VolumeSpec } from "./volumes.js";

interface TaskToCheck {
  readonly capacity: CapacityType;
  readonly task: TaskSettingsSpec;
  readonly volumes: readonly VolumeSpec[];
  readonly logs: LogsSpec;
  readonly exec: boolean;
}

interface Named {
  /** The path in issues: `container`, or `sidecar.proxy`. */
  readonly path: string;
  readonly container: ContainerSpec;
}

/** Reports what the capacity, the network mode or the task's other containers do not allow. */
export function reportLimits(containers: readonly Named[], task: TaskToCheck, issues: Issues): void {
  for (const { path, container } of containers) {
    const add = (key: string, message: string) => issues.add(`${path}.${key}`, message);
    if (task.capacity === "fargate") reportFargate(container, add);
    if (task.capacity === "managed-instances") reportManagedInstances(container, add);
    reportNetworkMode(container, task, add);
    reportReferences(container, containers, task, add);
    reportLogs(container, task, add);
    if (container.systemControls["kernel.shm_rmid_forced"] !== undefined && task.task.ipcMode === "host")
      add(
        "systemControls",
        "must not change the IPC namespace with ipcMode host, which shares the instance's",
      );
    // The agent of ECS Exec writes its files into the container.
    if (task.exec && container.readonlyRootFilesystem === true)
      add(
        "readonlyRootFilesystem",
        "must not be true with service({ exec: true }): the agent of ECS Exec writes to the root file system",
      );
  }
  reportRouters(containers, task.logs, issues);
  if (task.task.networkMode === "bridge") reportHostPorts(containers, issues);
}

type Add = (key: string, message: string) => void;

/** Source: Amazon ECS Developer Guide, "Amazon ECS task definition differences for Fargate". */
function reportFargate(container: ContainerSpec, add: Add): void {
  const unsupported = "is not supported on Fargate: remove it, or use instances, new Cluster(name).ec2()";
  if (container.privileged === true) add("privileged", unsupported);
  if (container.disableNetworking === true) add("disableNetworking", unsupported);
  for (const key of ["sharedMemory", "maxSwap", "swappiness", "gpus"] as const)
    if (container[key] !== undefined) add(key, unsupported);
  for (const key of ["devices", "dockerSecurityOptions", "dnsServers", "dnsSearchDomains"] as const)
    if (container[key].length > 0) add(key, unsupported);
  const other = container.capabilities.add.find((each) => each !== "SYS_PTRACE");
  if (other !== undefined)
    add("capabilities", `must add no other capability than SYS_PTRACE on Fargate; got "${other}"`);
}

/** Source: Amazon ECS Developer Guide, "Amazon ECS task definition differences for Amazon ECS Managed Instances". */
function reportManagedInstances(container: ContainerSpec, add: Add): void {
  const unsupported =
    "is not supported on Managed Instances: remove it, or use instances, new Cluster(name).ec2()";
  if (container.disableNetworking === true) add("disableNetworking", unsupported);
  for (const key of ["sharedMemory", "maxSwap", "swappiness", "hostname"] as const)
    if (container[key] !== undefined) add(key, unsupported);
  for (const key of ["dockerSecurityOptions", "dnsServers", "dnsSearchDomains"] as const)
    if (container[key].length > 0) add(key, unsupported);
  for (const key of ["labels", "extraHosts", "tmpfs"] as const)
    if (Object.keys(container[key]).length > 0) add(key, unsupported);
}

/** Source: Amazon ECS API reference, ContainerDefinition; the agent's checks for `hostname` and DNS. */
function reportNetworkMode(
  container: ContainerSpec,
  { task: { networkMode }, capacity }: TaskToCheck,
  add: Add,
): void {
  if (networkMode !== "bridge" && container.links !== undefined && container.links.length > 0)
    add(
      "links",
      `need the network mode bridge; in the mode ${networkMode}, ${networkMode === "none" ? "containers have no network" : "containers reach each other at localhost"}`,
    );
  if (networkMode !== "awsvpc" || capacity === "managed-instances") return;
  const why = "is not supported in the network mode awsvpc: remove it, or use the mode bridge";
  if (container.hostname !== undefined) add("hostname", why);
  if (Object.keys(container.extraHosts).length > 0) add("extraHosts", why);
  // Fargate and Managed Instances do not have the others in any mode.
  if (capacity !== "ec2") return;
  if (container.dnsServers.length > 0) add("dnsServers", why);
  if (container.dnsSearchDomains.length > 0) add("dnsSearchDomains", why);
  if (container.disableNetworking === true) add("disableNetworking", why);
}

function reportReferences(
  container: ContainerSpec,
  containers: readonly Named[],
  { volumes }: TaskToCheck,
  add: Add,
): void {
  const names = volumes.map(({ name }) => name);
  for (const { path, volume } of container.mounts)
    if (!names.includes(volume))
      add(
        `mounts.${path}`,
        names.length === 0
          ? `refers to the volume ${volume}, and the task has none: call .volume("${volume}", { … })`
          : `refers to the volume ${volume}; the task has ${oneOf(names)}`,
      );
  const others = containers.map((each) => each.container.name).filter((name) => name !== container.name);
  const report = (key: string, name: string) =>
    others.includes(name) ||
    add(key, `refers to the container ${name}, which is not another one of the task's`);
  for (const each of container.volumesFrom) report("volumesFrom", each.container);
  for (const link of container.links ?? []) report("links", link.split(":")[0]!);
}

function reportLogs(container: ContainerSpec, { capacity, logs }: TaskToCheck, add: Add): void {
  const driver = logDriverOf(container, logs);
  if (driver === undefined || capacity === "ec2" || FARGATE_DRIVERS.includes(driver.driver)) return;
  const whose = capacity === "fargate" ? "Fargate's drivers" : "the drivers of Managed Instances";
  add("logs", `must have one of ${whose}, ${oneOf(FARGATE_DRIVERS)}; got "${driver.driver}"`);
}

/** ECS refuses a router without a container that logs to it, and the other way round. */
function reportRouters(containers: readonly Named[], logs: LogsSpec, issues: Issues): void {
  const routers = containers.filter(({ container }) => container.firelens !== undefined);
  const routed = containers.filter(({ container }) => logDriverOf(container, logs)?.driver === "awsfirelens");
  if (routers.length > 1)
    issues.add(
      `${routers[1]!.path}.firelens`,
      `must not be set: ${routers[0]!.container.name} is the task's log router already`,
    );
  if (routers.length === 0 && routed.length > 0)
    issues.add(
      logs.driver.driver === "awsfirelens" ? "logs.router" : `${routed[0]!.path}.logs`,
      'needs a log router, to which the driver awsfirelens writes: set router: { type: "fluentbit" }, or firelens in one of the containers',
    );
  if (routers.length > 0 && routed.length === 0)
    issues.add(
      `${routers[0]!.path}.firelens`,
      'needs a container that logs to it: call .logs({ driver: "awsfirelens", options: { … } })',
    );
}

/** Two containers of a task cannot have the same port of an instance. */
function reportHostPorts(containers: readonly Named[], issues: Issues): void {
  const taken = new Map<string, string>();
  for (const { path, container } of containers)
    for (const { hostPort, protocol } of container.ports) {
      if (hostPort === undefined) continue;
      const key = `${hostPort}/${protocol}`;
      const other = taken.get(key);
      if (other !== undefined)
        issues.add(`${path}.ports`, `must not have the host port ${key}, which ${other} has already`);
      taken.set(key, container.name);
    }
}
