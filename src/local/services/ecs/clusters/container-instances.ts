import type * as Ecs from "@aws-sdk/client-ecs";
import type { EcsApi } from "../../../../aws/api.js";
import type { Account } from "../../../core/account.js";
import { arnOf, nameOf } from "../../../core/arn.js";
import { page } from "../../../core/page.js";
import { ServiceError } from "../../../core/service-error.js";
import { badToken, clientException, invalidParameter } from "../service-errors.js";
import type { Cluster, ContainerInstance } from "../state.js";
import { register, removeContainerInstance } from "./agents.js";
import { findCluster } from "./clusters.js";
import { capacityOf } from "./container-instance-capacity.js";
import { attributesOf, remainingOf, tasksOn } from "./container-instance-resources.js";

type Handlers = Pick<
  EcsApi,
  | "registerContainerInstance"
  | "listContainerInstances"
  | "describeContainerInstances"
  | "deregisterContainerInstance"
>;

export const createContainerInstanceHandlers = (account: Account): Handlers => ({
  async registerContainerInstance(input) {
    const cluster = findCluster(account, input.cluster);
    const { instanceId, instanceType, availabilityZone } = readIdentity(input.instanceIdentityDocument);
    const given = (name: string) =>
      input.totalResources?.find((resource) => resource.name === name)?.integerValue;
    const capacity = capacityOf(instanceType);
    const instance = register(account, cluster, {
      capacityProvider: undefined,
      instanceId,
      instanceType,
      zone: availabilityZone,
      cpu: given("CPU") ?? capacity.cpu,
      memory: given("MEMORY") ?? capacity.memory,
    });
    return { containerInstance: describeContainerInstance(cluster, instance) };
  },

  async listContainerInstances(input) {
    const cluster = findCluster(account, input.cluster);
    const all = [...cluster.containerInstances.values()].filter(
      ({ status }) => input.status === undefined || status === input.status,
    );
    const { items, nextToken } = page(all, input.nextToken, input.maxResults ?? 100, badToken);
    return {
      containerInstanceArns: items.map(({ arn }) => arn),
      ...(nextToken === undefined ? {} : { nextToken }),
    };
  },

  async describeContainerInstances(input) {
    const cluster = findCluster(account, input.cluster);
    const wanted = input.containerInstances ?? [];
    if (wanted.length === 0) throw invalidParameter("Container instances cannot be empty.");
    if (wanted.length > 100) throw invalidParameter("Container instances cannot have more than 100 elements");
    const containerInstances: Ecs.ContainerInstance[] = [];
    const failures: Ecs.Failure[] = [];
    for (const id of wanted.map(nameOf)) {
      const arn = arnOf(account, "ecs", `container-instance/${cluster.name}/${id}`);
      const found = cluster.containerInstances.get(arn);
      if (found === undefined) failures.push({ arn, reason: "MISSING" });
      else containerInstances.push(describeContainerInstance(cluster, found));
    }
    return { containerInstances, failures };
  },

  async deregisterContainerInstance(input) {
    const cluster = findCluster(account, input.cluster);
    const arn = arnOf(
      account,
      "ecs",
      `container-instance/${cluster.name}/${nameOf(input.containerInstance ?? "")}`,
    );
    const found = cluster.containerInstances.get(arn);
    if (found === undefined)
      throw new ServiceError("InvalidParameterException", "Container instance not found.");
    if (tasksOn(cluster, found).length > 0 && input.force !== true) {
      throw invalidParameter("Found running tasks on the instance.");
    }
    cluster.containerInstances.delete(arn);
    removeContainerInstance(account, cluster, found, "Container instance was deregistered.");
    found.status = "INACTIVE";
    return { containerInstance: describeContainerInstance(cluster, found) };
  },
});

export function describeContainerInstance(
  cluster: Cluster,
  instance: ContainerInstance,
): Ecs.ContainerInstance {
  const tasks = tasksOn(cluster, instance);
  const { cpu, memory, ports } = remainingOf(cluster, instance);
  return {
    containerInstanceArn: instance.arn,
    ec2InstanceId: instance.instanceId,
    ...(instance.capacityProvider === undefined ? {} : { capacityProviderName: instance.capacityProvider }),
    version: 1,
    status: instance.status,
    agentConnected: instance.agentConnected,
    registeredAt: instance.registeredAt,
    registeredResources: resources(instance.cpu, instance.memory, reservedPorts),
    remainingResources: resources(cpu, memory, [
      ...reservedPorts,
      ...ports.flatMap((port) => (port.endsWith("/tcp") ? port.slice(0, -4) : [])),
    ]),
    runningTasksCount: tasks.filter(({ description }) => description.lastStatus === "RUNNING").length,
    pendingTasksCount: tasks.filter(({ description }) => description.lastStatus === "PENDING").length,
    attributes: Object.entries(attributesOf(instance)).map(([name, value]) => ({ name, value })),
    attachments: [],
    versionInfo: { agentVersion: "1.94.0", agentHash: "0a1b2c3d", dockerVersion: "DockerVersion: 25.0.8" },
    tags: [],
  };
}

/** SSH, Docker and the agent itself. */
const reservedPorts = ["22", "2375", "2376", "51678", "51679"];

const resources = (cpu: number, memory: number, ports: string[]): Ecs.Resource[] => [
  { name: "CPU", type: "INTEGER", ...numbers(cpu) },
  { name: "MEMORY", type: "INTEGER", ...numbers(memory) },
  { name: "PORTS", type: "STRINGSET", ...numbers(0), stringSetValue: ports },
  { name: "PORTS_UDP", type: "STRINGSET", ...numbers(0), stringSetValue: [] },
];

const numbers = (integerValue: number) => ({ doubleValue: 0, longValue: 0, integerValue });

function readIdentity(document: string | undefined) {
  try {
    const { instanceId, instanceType, availabilityZone } = JSON.parse(document ?? "{}") as Record<
      string,
      string
    >;
    if (instanceId !== undefined) {
      return {
        instanceId,
        instanceType: instanceType ?? "t2.micro",
        availabilityZone: availabilityZone ?? "",
      };
    }
  } catch {
    // Rejected below, like everything else that is not an identity document.
  }
  throw clientException("The instance identity document is not valid.");
}
