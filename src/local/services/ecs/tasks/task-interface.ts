import type { Attachment, NetworkConfiguration } from "@aws-sdk/client-ecs";
import type { Account } from "../../../core/account.js";
import { nameOf } from "../../../core/arn.js";
import { ServiceError } from "../../../core/service-error.js";
import { attachNetworkInterface } from "../../ec2/network-interfaces.js";
import type { NetworkInterface } from "../../ec2/state.js";
import type { Cluster, ContainerInstance, Rollout, TaskRecord } from "../state.js";

interface TaskToJoin {
  readonly networkConfiguration: NetworkConfiguration | undefined;
  readonly rollout?: Rollout | undefined;
}

/**
 * Attaches a network interface in the subnet with the fewest tasks of the service; on an instance, in the
 * instance's zone.
 */
export function attachTaskInterface(
  account: Account,
  cluster: Cluster,
  { networkConfiguration, rollout }: TaskToJoin,
  instance: ContainerInstance | undefined,
  taskId: string,
): NetworkInterface {
  const {
    subnets = [],
    securityGroups = [],
    assignPublicIp,
  } = networkConfiguration?.awsvpcConfiguration ?? {};
  const zoneOf = (subnetId: string) => account.ec2.subnets.get(subnetId)?.zone;
  const candidates = subnets.filter((id) => instance === undefined || zoneOf(id) === instance.zone);
  const used = (subnetId: string) =>
    [...cluster.tasks.values()].filter(
      (task) =>
        task.description.lastStatus !== "STOPPED" &&
        task.rollout === rollout &&
        account.ec2.networkInterfaces.get(task.networkInterfaceId ?? "")?.subnetId === subnetId,
    ).length;
  const subnetId = [...candidates].sort((one, other) => used(one) - used(other))[0];
  if (subnetId === undefined) throw new ServiceError("InvalidParameterException", "RESOURCE:ENI");
  const description = `arn:aws:ecs:${account.region}:${account.accountId}:attachment/${taskId}`;
  return attachNetworkInterface(account, {
    description,
    subnetId,
    groupIds: securityGroups,
    requester: "amazon-ecs",
    isPublic: assignPublicIp === "ENABLED",
  });
}

export const attachmentOf = ({ id, subnetId, privateIp }: NetworkInterface): Attachment => ({
  id: `${id.slice(4)}-attachment`,
  type: "ElasticNetworkInterface",
  status: "ATTACHING",
  details: [
    { name: "subnetId", value: subnetId },
    { name: "networkInterfaceId", value: id },
    { name: "privateIPv4Address", value: privateIp },
  ],
});

/** Attaches the network interface of a task that has waited. Returns false if none of its subnets has room. */
export function joinNetwork(
  account: Account,
  cluster: Cluster,
  task: TaskRecord,
  { instance }: { readonly instance: ContainerInstance },
): boolean {
  const { description, rollout, pendingPlacement } = task;
  const { networkConfiguration } = pendingPlacement ?? {};
  try {
    const request = { networkConfiguration, rollout };
    const taskId = nameOf(description.taskArn ?? "");
    const networkInterface = attachTaskInterface(account, cluster, request, instance, taskId);
    task.networkInterfaceId = networkInterface.id;
    description.attachments = [attachmentOf(networkInterface), ...(description.attachments ?? [])];
    for (const container of description.containers ?? [])
      container.networkInterfaces = interfacesOf(networkInterface);
    return true;
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    return false;
  }
}

export const interfacesOf = ({ id, privateIp }: NetworkInterface) => [
  { attachmentId: `${id.slice(4)}-attachment`, privateIpv4Address: privateIp },
];
