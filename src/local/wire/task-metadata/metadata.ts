import type { Container, ContainerDefinition } from "@aws-sdk/client-ecs";
import type { Account } from "../../core/account.js";
import { nameOf } from "../../core/arn.js";
import type { TaskRecord } from "../../services/ecs/state.js";

/** The metadata of one container, by its index in the task definition. */
export function containerMetadata(account: Account, task: TaskRecord, index: number): object | undefined {
  const definition = task.taskDefinition.description.containerDefinitions?.[index];
  const container = task.description.containers?.find(({ name }) => name === definition?.name);
  return definition && container && describe(account, task, definition, container);
}

export function taskMetadata(account: Account, task: TaskRecord, withTags: boolean): object {
  const { description, taskDefinition, serviceName } = task;
  const { family, revision, cpu, memory } = taskDefinition.description;
  const subnet = account.ec2.subnets.get(attached(task, "subnetId") ?? "");
  return {
    Cluster: description.clusterArn,
    TaskARN: description.taskArn,
    Family: family,
    Revision: String(revision),
    DesiredStatus: description.desiredStatus,
    KnownStatus: description.lastStatus,
    ...((cpu !== undefined || memory !== undefined) && {
      Limits: {
        ...(cpu !== undefined && { CPU: Number(cpu) / 1024 }),
        ...(memory !== undefined && { Memory: Number(memory) }),
      },
    }),
    PullStartedAt: description.pullStartedAt,
    PullStoppedAt: description.pullStoppedAt,
    AvailabilityZone: description.availabilityZone,
    LaunchType: description.launchType,
    ...(subnet !== undefined && { VPCID: subnet.vpcId }),
    ...(serviceName !== undefined && { ServiceName: serviceName }),
    ...(withTags && { TaskTags: Object.fromEntries(task.tags) }),
    Containers: (taskDefinition.description.containerDefinitions ?? []).map((_, index) =>
      containerMetadata(account, task, index),
    ),
  };
}

/** Container id -> an answer of the form of Docker's statistics, with what this cloud knows: the processor time. */
export function statsOf(account: Account, task: TaskRecord): [string, object][] {
  const read = new Date(account.clock.now()).toISOString();
  return (task.taskDefinition.description.containerDefinitions ?? []).map(({ name = "", memory }, index) => {
    const seconds = task.running.get(name)?.cpuSeconds?.() ?? 0;
    const cpu = { cpu_usage: { total_usage: Math.round(seconds * 1e9) }, online_cpus: 1 };
    const id = dockerId(task, index);
    const limit = (memory ?? 0) * 1024 * 1024;
    return [id, { read, id, name: `/${name}`, cpu_stats: cpu, memory_stats: { usage: 0, limit } }];
  });
}

/** An id of the container that stays the same for as long as it exists. */
const dockerId = ({ description }: TaskRecord, index: number): string =>
  `${nameOf(description.taskArn ?? "")}-${index + 1}`;

const attached = ({ description }: TaskRecord, name: string): string | undefined =>
  description.attachments?.flatMap(({ details = [] }) => details).find((detail) => detail.name === name)
    ?.value;

function describe(
  account: Account,
  task: TaskRecord,
  definition: ContainerDefinition,
  container: Container,
): object {
  const { description, taskDefinition } = task;
  const index = (taskDefinition.description.containerDefinitions ?? []).indexOf(definition);
  const { family, revision, networkMode } = taskDefinition.description;
  const { name = "", cpu, memory, memoryReservation, logConfiguration } = definition;
  const address = attached(task, "privateIPv4Address");
  return {
    DockerId: dockerId(task, index),
    Name: name,
    DockerName: `ecs-${family}-${revision}-${name}-${dockerId(task, index).slice(0, 12)}`,
    Image: container.image ?? definition.image,
    ImageID: container.imageDigest ?? "",
    Ports: container.networkBindings?.map(({ containerPort, hostPort, protocol, bindIP }) => ({
      ContainerPort: containerPort,
      Protocol: protocol,
      HostPort: hostPort,
      HostIp: bindIP,
    })),
    Labels: {
      "com.amazonaws.ecs.cluster": description.clusterArn,
      "com.amazonaws.ecs.container-name": name,
      "com.amazonaws.ecs.task-arn": description.taskArn,
      "com.amazonaws.ecs.task-definition-family": family,
      "com.amazonaws.ecs.task-definition-version": String(revision),
    },
    DesiredStatus: description.desiredStatus,
    KnownStatus: container.lastStatus,
    ...(container.exitCode !== undefined && { ExitCode: container.exitCode }),
    Limits: { CPU: cpu ?? 0, Memory: memory ?? memoryReservation ?? 0 },
    CreatedAt: description.createdAt,
    StartedAt: description.startedAt ?? new Date(account.clock.now()),
    Type: "NORMAL",
    ContainerARN: container.containerArn,
    ...(logConfiguration !== undefined && {
      LogDriver: logConfiguration.logDriver,
      LogOptions: logConfiguration.options,
    }),
    Networks: [
      { NetworkMode: networkMode ?? "bridge", IPv4Addresses: address === undefined ? [] : [address] },
    ],
  };
}
