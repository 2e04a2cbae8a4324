import { BlockList } from "node:net";
import type { Account } from "../../core/account.js";
import type { NetworkInterface, SecurityGroupRule } from "./state.js";

/** One end of a connection: the interface's address and its security groups. */
export type Peer = Pick<NetworkInterface, "groupIds" | "privateIp" | "vpcId">;

/**
 * True if a connection (TCP unless another protocol is named) from one interface to a port of another one is routed, leaves and is let in. Within a
 * VPC, each route table has its local route; the local cloud has no peering, so that nothing leads to another VPC.
 * Answers are let through, because security groups are stateful.
 */
export const canConnect = (
  account: Pick<Account, "ec2">,
  from: Peer,
  to: Peer,
  port: number,
  protocol: Protocol = "tcp",
): boolean =>
  from.vpcId === to.vpcId &&
  // Network load balancers may have no security groups: nothing of theirs is filtered.
  (from.groupIds.length === 0 || isAllowed(account, from.groupIds, to, { port, protocol }, "egress")) &&
  isAllowed(account, to.groupIds, from, { port, protocol }, "ingress");

/** True if one of the groups lets in connections to the port, whatever their source. */
export const isOpenAt = (
  account: Pick<Account, "ec2">,
  groupIds: readonly string[],
  port: number,
  protocol: Protocol = "tcp",
): boolean => rulesOf(account, groupIds, "ingress").some((rule) => hasPort(rule, { port, protocol }));

type Protocol = "tcp" | "udp";

interface Access {
  readonly port: number;
  readonly protocol: Protocol;
}

const isAllowed = (
  account: Pick<Account, "ec2">,
  groupIds: readonly string[],
  peer: Peer,
  access: Access,
  direction: Direction,
): boolean =>
  rulesOf(account, groupIds, direction).some((rule) => hasPort(rule, access) && isAbout(rule, peer));

type Direction = "ingress" | "egress";

const rulesOf = (
  account: Pick<Account, "ec2">,
  groupIds: readonly string[],
  direction: Direction,
): SecurityGroupRule[] =>
  groupIds
    .flatMap((id) => [...(account.ec2.securityGroups.get(id)?.rules.values() ?? [])])
    .filter(({ isEgress }) => isEgress === (direction === "egress"));

const hasPort = (
  { protocol, fromPort, toPort }: SecurityGroupRule,
  { port, protocol: wanted }: Access,
): boolean => protocol === "-1" || (protocol === wanted && fromPort <= port && port <= toPort);

/** A rule names its peers by a group that they are in, or by their private addresses. */
function isAbout({ sourceGroupId, cidrIpv4 }: SecurityGroupRule, { groupIds, privateIp }: Peer): boolean {
  if (sourceGroupId !== undefined) return groupIds.includes(sourceGroupId);
  if (cidrIpv4 === undefined) return false;
  const [network = "", length] = cidrIpv4.split("/");
  const block = new BlockList();
  block.addSubnet(network, Number(length), "ipv4");
  return block.check(privateIp, "ipv4");
}
