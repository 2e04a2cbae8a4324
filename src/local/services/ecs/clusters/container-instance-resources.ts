import type { TaskDefinition } from "@aws-sdk/client-ecs";
import { instanceTypesTable } from "../../ec2/instance-types-table.js";
import type { Cluster, ContainerInstance, TaskRecord } from "../state.js";

/** The tasks that use resources of the instance, including stopping ones. */
export const tasksOn = (cluster: Cluster, instance: ContainerInstance): TaskRecord[] =>
  [...cluster.tasks.values()].filter(
    ({ description }) =>
      description.containerInstanceArn === instance.arn && description.lastStatus !== "STOPPED",
  );

export interface Needs {
  readonly cpu: number;
  readonly memory: number;
  /** Static host ports, with their protocols. */
  readonly ports: readonly string[];
  readonly networkInterfaces: number;
  readonly gpus: number;
}

/** The resources that placement reserves for a task: the task's own size, else the sum over its containers. */
export function needsOf(definition: TaskDefinition): Needs {
  const containers = definition.containerDefinitions ?? [];
  const sum = (numbers: number[]) => numbers.reduce((total, value) => total + value, 0);
  const usesHostPorts = definition.networkMode !== "awsvpc";
  return {
    cpu: definition.cpu === undefined ? sum(containers.map(({ cpu = 0 }) => cpu)) : Number(definition.cpu),
    memory:
      definition.memory === undefined
        ? sum(containers.map(({ memory = 0, memoryReservation }) => memoryReservation ?? memory))
        : Number(definition.memory),
    ports: usesHostPorts
      ? containers.flatMap(({ portMappings = [] }) =>
          portMappings.flatMap(({ hostPort, protocol = "tcp" }) =>
            hostPort ? `${hostPort}/${protocol}` : [],
          ),
        )
      : [],
    networkInterfaces: definition.networkMode === "awsvpc" ? 1 : 0,
    gpus: sum(
      containers.flatMap(({ resourceRequirements = [] }) =>
        resourceRequirements.flatMap(({ type, value }) => (type === "GPU" ? Number(value) || 1 : [])),
      ),
    ),
  };
}

/** Source: ECS Developer Guide, "Amazon ECS container instances with increased network interfaces", the least. */
const TRUNK = 10;

export function remainingOf(cluster: Cluster, instance: ContainerInstance): Needs {
  let { cpu, memory } = instance;
  const ports: string[] = [];
  const type = instanceTypesTable.get(instance.instanceType);
  // The first interface is the instance's own. Managed Instances have a trunk, whose branches the tasks get.
  let networkInterfaces = instance.isManaged === true ? TRUNK : (type?.networkInterfaces ?? 2) - 1;
  let gpus = type?.gpus ?? 0;
  for (const { description, taskDefinition } of tasksOn(cluster, instance)) {
    const needs = needsOf(taskDefinition.description);
    cpu -= needs.cpu;
    memory -= needs.memory;
    networkInterfaces -= needs.networkInterfaces;
    gpus -= needs.gpus;
    const bindings = (description.containers ?? []).flatMap(({ networkBindings = [] }) => networkBindings);
    ports.push(
      ...needs.ports,
      ...bindings.flatMap(({ hostPort, protocol = "tcp" }) =>
        hostPort === undefined ? [] : `${hostPort}/${protocol}`,
      ),
    );
  }
  return { cpu, memory, ports, networkInterfaces, gpus };
}

/** The attributes of an instance that placement constraints can refer to. */
export const attributesOf = ({
  instanceType,
  zone,
  customAttributes = new Map(),
}: Pick<ContainerInstance, "instanceType" | "zone"> &
  Partial<Pick<ContainerInstance, "customAttributes">>): Readonly<Record<string, string>> => ({
  ...Object.fromEntries(customAttributes),
  "ecs.availability-zone": zone,
  "ecs.cpu-architecture": instanceTypesTable.get(instanceType)?.architecture ?? "x86_64",
  "ecs.instance-type": instanceType,
  "ecs.os-type": "linux",
});
