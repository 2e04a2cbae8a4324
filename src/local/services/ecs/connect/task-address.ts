import type { Account } from "../../../core/account.js";
import { nameOf } from "../../../core/arn.js";
import type { Peer } from "../../ec2/admits.js";
import type { TaskRecord } from "../state.js";

export const taskId = ({ description }: TaskRecord): string => nameOf(description.taskArn ?? "");

/** The private address of a task: that of its network interface, or of its instance. */
export function addressOf(account: Account, task: TaskRecord): string | undefined {
  const own = account.ec2.networkInterfaces.get(task.networkInterfaceId ?? "");
  const instances = account.ecs.clusters.get(task.clusterName)?.containerInstances;
  const host = instances?.get(task.description.containerInstanceArn ?? "");
  return own?.privateIp ?? account.ec2.instances.get(host?.instanceId ?? "")?.privateIp;
}

/** The network interface of a task: its own, or that of its instance. */
export function peerOf({ ec2, ecs }: Pick<Account, "ec2" | "ecs">, task: TaskRecord): Peer | undefined {
  const own = ec2.networkInterfaces.get(task.networkInterfaceId ?? "");
  if (own !== undefined) return own;
  const host = ecs.clusters
    .get(task.clusterName)
    ?.containerInstances.get(task.description.containerInstanceArn ?? "");
  const instance = ec2.instances.get(host?.instanceId ?? "");
  const subnet = ec2.subnets.get(instance?.subnetId ?? "");
  return instance && subnet && { ...instance, vpcId: subnet.vpcId };
}

/** The port at which the task's network has the container's. */
export function portAt(
  { description }: TaskRecord,
  { containerName, containerPort }: { readonly containerName: string; readonly containerPort: number },
): number {
  const container = description.containers?.find(({ name }) => name === containerName);
  const bound = container?.networkBindings?.find((each) => each.containerPort === containerPort);
  return bound?.hostPort ?? containerPort;
}
