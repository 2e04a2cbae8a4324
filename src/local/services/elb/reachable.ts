import type { Account } from "../../core/account.js";
import { canConnect, isOpenAt, type Peer } from "../ec2/admits.js";
import { egressOf } from "../ec2/egress.js";
import type { Listener, LoadBalancer, Target, TargetGroup } from "./state.js";

type Network = Pick<Account, "ec2">;

/** The protocol of the packets that a listener or a target group gets. */
export const transportOf = (protocol: string): "tcp" | "udp" => (protocol === "UDP" ? "udp" : "tcp");

/** True if every node of the load balancer can open connections to the target, at its own or another port. */
export function isReachable(
  account: Network,
  loadBalancer: LoadBalancer,
  group: TargetGroup,
  target: Pick<Target, "id" | "port">,
  port = target.port,
  protocol: "tcp" | "udp" = "tcp",
): boolean {
  const peer = peerOf(account, group, target);
  const nodes = loadBalancer.networkInterfaceIds.flatMap((id) => account.ec2.networkInterfaces.get(id) ?? []);
  return peer !== undefined && nodes.every((node) => canConnect(account, node, peer, port, protocol));
}

/** True if clients can connect to the listener: its port is open, and the internet leads to an internet-facing one. */
export function isListenerReachable(
  account: Network,
  { scheme, securityGroupIds, subnetIds }: LoadBalancer,
  { port, protocol }: Pick<Listener, "port" | "protocol">,
): boolean {
  const isRouted = scheme === "internal" || subnetIds.some((id) => egressOf(account, id) === "internet");
  // A network load balancer without security groups filters nothing.
  return (
    isRouted &&
    (securityGroupIds.length === 0 || isOpenAt(account, securityGroupIds, port, transportOf(protocol)))
  );
}

/** The VPC of a target; `undefined` if nothing has that address in the VPC of its group. */
export const vpcOfTarget = (
  account: Network,
  group: Pick<TargetGroup, "targetType" | "vpcId">,
  target: Pick<Target, "id">,
): string | undefined => peerOf(account, group, target)?.vpcId;

/** The target's network interface. An IP address counts in the VPC of its target group. */
function peerOf(
  { ec2 }: Network,
  { targetType, vpcId }: Pick<TargetGroup, "targetType" | "vpcId">,
  { id }: Pick<Target, "id">,
): Peer | undefined {
  if (targetType === "ip") {
    return [...ec2.networkInterfaces.values()].find((each) => each.vpcId === vpcId && each.privateIp === id);
  }
  const instance = ec2.instances.get(id);
  const subnet = ec2.subnets.get(instance?.subnetId ?? "");
  return instance && subnet && { ...instance, vpcId: subnet.vpcId };
}
