import type {
  Attachment,
  Container,
  LaunchType,
  NetworkConfiguration,
  TaskOverride,
  TaskVolumeConfiguration,
} from "@aws-sdk/client-ecs";
import type { Account } from "../../../core/account.js";
import { arnOf } from "../../../core/arn.js";
import { durations } from "../../../core/durations.js";
import { notifyChanged } from "../../../core/notify-changed.js";
import { ServiceError } from "../../../core/service-error.js";
import type { NetworkInterface } from "../../ec2/state.js";
import { isFargate, nextProvider } from "../clusters/capacity-providers.js";
import type {
  Cluster,
  ContainerInstance,
  Placing,
  Rollout,
  Service,
  TaskDefinitionRecord,
  TaskRecord,
} from "../state.js";
import { attachmentOf, attachTaskInterface, interfacesOf, joinNetwork } from "./task-interface.js";
import { placeTask } from "./placement.js";
import { fargateShortage } from "./fargate-shortage.js";
import { provision } from "./task-start.js";
import { isWaiting } from "./waiting-task.js";

/** Starts one task of a service, or returns why it cannot be placed. */
export function launchTask(
  account: Account,
  cluster: Cluster,
  service: Service,
  rollout: Rollout,
): TaskRecord | string {
  const { description } = service;
  const provider = providerOf(cluster, service);
  return startTask(account, cluster, {
    placing: description,
    rollout,
    taskDefinition: rollout.taskDefinition,
    networkConfiguration: rollout.networkConfiguration,
    volumeConfigurations: rollout.volumeConfigurations,
    provider,
    onFargate: description.launchType === "FARGATE" || isFargate(provider),
    group: `service:${description.serviceName}`,
    startedBy: rollout.deployment.id,
    tags: description.propagateTags === "SERVICE" ? new Map(service.tags) : new Map(),
    enableExecuteCommand: description.enableExecuteCommand ?? false,
  });
}

/** A task that a service's scheduler or RunTask requests. */
export interface TaskToStart {
  readonly placing: Placing;
  readonly rollout?: Rollout;
  readonly taskDefinition: TaskDefinitionRecord;
  readonly networkConfiguration: NetworkConfiguration | undefined;
  readonly volumeConfigurations?: readonly TaskVolumeConfiguration[] | undefined;
  readonly provider: string | undefined;
  readonly onFargate: boolean;
  readonly group: string;
  readonly startedBy: string | undefined;
  readonly tags: Map<string, string>;
  readonly enableExecuteCommand: boolean;
  readonly overrides?: TaskOverride;
}

export function startTask(account: Account, cluster: Cluster, request: TaskToStart): TaskRecord | string {
  const id = account.hex(32);
  const { onFargate, provider, taskDefinition } = request;
  const { description: definition } = taskDefinition;
  let instance: ContainerInstance | undefined;
  if (!onFargate) {
    const placement = placeTask(cluster, request.placing, taskDefinition, provider);
    if ("why" in placement && provider === undefined) return placement.why;
    instance = "instance" in placement ? placement.instance : undefined;
  }
  const shortage = onFargate ? fargateShortage(account, provider ?? "FARGATE", taskDefinition) : undefined;
  if (shortage !== undefined) return `was unable to place a task. Reason: ${shortage}`;
  // A task of a capacity provider waits for an instance without an event.
  const waits = instance === undefined && !onFargate;
  let networkInterface: NetworkInterface | undefined;
  // A task that waits gets its network interface with its instance.
  if (definition.networkMode === "awsvpc" && !waits) {
    try {
      networkInterface = attachTaskInterface(account, cluster, request, instance, id);
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      return `was unable to place a task. Reason: ${error.message}`;
    }
  }
  const taskArn = arnOf(account, "ecs", `task/${cluster.name}/${id}`);
  const launchType: LaunchType = onFargate
    ? "FARGATE"
    : account.ecs.managedInstances.has(provider ?? "")
      ? "MANAGED_INSTANCES"
      : "EC2";
  const task: TaskRecord = {
    clusterName: cluster.name,
    serviceName: request.placing.serviceName,
    rollout: request.rollout,
    taskDefinition,
    tags: request.tags,
    targets: [],
    running: new Map(),
    realPort: undefined,
    realPorts: new Map(),
    networkInterfaceId: networkInterface?.id,
    volumeConfigurations: request.volumeConfigurations,
    pendingPlacement: waits
      ? { ...request.placing, networkConfiguration: request.networkConfiguration }
      : undefined,
    wasHealthy: false,
    description: {
      taskArn,
      clusterArn: cluster.arn,
      taskDefinitionArn: definition.taskDefinitionArn,
      group: request.group,
      startedBy: request.startedBy,
      launchType,
      ...(provider === undefined ? {} : { capacityProviderName: provider }),
      ...(onFargate && { platformVersion: "1.4.0", platformFamily: "Linux" }),
      ...(instance !== undefined && { containerInstanceArn: instance.arn }),
      availabilityZone: instance?.zone ?? account.ec2.subnets.get(networkInterface?.subnetId ?? "")?.zone,
      desiredStatus: "RUNNING",
      lastStatus: networkInterface === undefined && !waits ? "PENDING" : "PROVISIONING",
      connectivity: "CONNECTED",
      createdAt: new Date(account.clock.now()),
      version: 1,
      cpu: definition.cpu ?? String(sum(definition.containerDefinitions?.map(({ cpu = 0 }) => cpu))),
      memory:
        definition.memory ??
        String(
          sum(
            definition.containerDefinitions?.map(
              ({ memory, memoryReservation = 0 }) => memory ?? memoryReservation,
            ),
          ),
        ),
      enableExecuteCommand: request.enableExecuteCommand,
      healthStatus: "UNKNOWN",
      attachments: [
        ...(networkInterface === undefined ? [] : [attachmentOf(networkInterface)]),
        ...(request.volumeConfigurations ?? []).map((volume) => volumeAttachment(account, volume)),
      ],
      attributes: [],
      overrides: { containerOverrides: [], inferenceAcceleratorOverrides: [], ...request.overrides },
      containers: containersOf(account, taskDefinition, cluster, taskArn, id, networkInterface),
    },
  };
  cluster.tasks.set(taskArn, task);
  if (waits) {
    notifyChanged(account);
    account.clock.schedule(durations.schedulerTick, () => {
      for (const listener of account.events.capacityFound) listener(cluster);
    });
  } else provision(account, task);
  return task;
}

/** Places waiting tasks after an instance has registered or a task has released its resources, oldest first. */
export function placeWaiting(account: Account, cluster: Cluster): void {
  for (const task of [...cluster.tasks.values()].filter(isWaiting)) {
    const { description, taskDefinition, pendingPlacement } = task;
    if (pendingPlacement === undefined) continue;
    const placement = placeTask(cluster, pendingPlacement, taskDefinition, description.capacityProviderName);
    if ("why" in placement) continue;
    if (
      taskDefinition.description.networkMode === "awsvpc" &&
      !joinNetwork(account, cluster, task, placement)
    )
      continue;
    task.pendingPlacement = undefined;
    description.containerInstanceArn = placement.instance.arn;
    description.availabilityZone = placement.instance.zone;
    provision(account, task);
  }
}

function providerOf(cluster: Cluster, service: Service): string | undefined {
  const own = [...cluster.tasks.values()].filter(
    ({ serviceName, description }) =>
      serviceName === service.description.serviceName && description.desiredStatus === "RUNNING",
  );
  const countOf = (name: string) =>
    own.filter(({ description }) => description.capacityProviderName === name).length;
  return nextProvider(service.description.capacityProviderStrategy ?? [], countOf);
}

const volumeAttachment = (account: Account, { name }: TaskVolumeConfiguration): Attachment => ({
  id: account.hex(32),
  type: "AmazonElasticBlockStorage",
  status: "ATTACHING",
  details: [
    { name: "volumeId", value: `vol-${account.hex(17)}` },
    { name: "volumeName", value: name },
  ],
});

const containersOf = (
  account: Account,
  taskDefinition: TaskDefinitionRecord,
  cluster: Cluster,
  taskArn: string,
  taskId: string,
  networkInterface: NetworkInterface | undefined,
): Container[] =>
  (taskDefinition.description.containerDefinitions ?? []).map(
    ({ name, image, cpu, memory, memoryReservation }) => ({
      containerArn: arnOf(account, "ecs", `container/${cluster.name}/${taskId}/${account.hex(12)}`),
      taskArn,
      name,
      image,
      lastStatus: "PENDING",
      healthStatus: "UNKNOWN",
      cpu: String(cpu ?? 0),
      ...(memory === undefined ? {} : { memory: String(memory) }),
      ...(memoryReservation === undefined ? {} : { memoryReservation: String(memoryReservation) }),
      networkBindings: [],
      networkInterfaces: networkInterface === undefined ? [] : interfacesOf(networkInterface),
    }),
  );

const sum = (numbers: readonly number[] = []): number => numbers.reduce((total, value) => total + value, 0);
