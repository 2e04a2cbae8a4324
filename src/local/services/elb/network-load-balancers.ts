import type * as Elb from "@aws-sdk/client-elastic-load-balancing-v2";
import type { Account } from "../../core/account.js";
import { ServiceError } from "../../core/service-error.js";
import type { Address } from "../ec2/state.js";
import { validationError } from "./service-errors.js";
import type { LoadBalancer, TargetGroup } from "./state.js";

/*
 * What Network Load Balancers have of their own. Source: ELB User Guide for Network Load Balancers; ELB API reference,
 * CreateLoadBalancer, CreateListener and CreateTargetGroup.
 */

const NETWORK_PROTOCOLS = ["TCP", "TLS", "UDP", "TCP_UDP"] as const;
const APPLICATION_PROTOCOLS = ["HTTP", "HTTPS"] as const;

export const isNetworkProtocol = (protocol: string): protocol is (typeof NETWORK_PROTOCOLS)[number] =>
  NETWORK_PROTOCOLS.some((each) => each === protocol);

/** True if listeners of that protocol terminate TLS, and need a certificate. */
export const isSecure = (protocol: string): boolean => protocol === "HTTPS" || protocol === "TLS";

/** The protocols of the target groups that a listener can forward to. Source: "Listeners for your Network Load Balancers". */
const TARGETS: Readonly<Record<string, readonly string[]>> = {
  HTTP: APPLICATION_PROTOCOLS,
  HTTPS: APPLICATION_PROTOCOLS,
  TCP: ["TCP", "TCP_UDP"],
  TLS: ["TCP", "TLS"],
  UDP: ["UDP", "TCP_UDP"],
  TCP_UDP: ["TCP_UDP"],
};

/** A listener's protocol must be one of its load balancer's type. */
export function checkListenerProtocol({ type }: Pick<LoadBalancer, "type">, protocol: string): void {
  const isKnown = type === "network" ? isNetworkProtocol(protocol) : /^HTTPS?$/.test(protocol);
  if (isKnown) return;
  throw new ServiceError(
    "UnsupportedProtocol",
    `The protocol '${protocol}' is not supported by ${type === "network" ? "a network" : "an application"} load balancer`,
  );
}

export function checkTargetProtocol(listenerProtocol: string, group: Pick<TargetGroup, "protocol">): void {
  if (TARGETS[listenerProtocol]?.includes(group.protocol) === true) return;
  throw new ServiceError(
    "IncompatibleProtocols",
    `The listener protocol '${listenerProtocol}' is not compatible with the target group protocol '${group.protocol}'`,
  );
}

/** A listener of a Network Load Balancer forwards, and has no rules. */
export function checkNetworkActions(
  { type }: Pick<LoadBalancer, "type">,
  actions: readonly Elb.Action[],
): void {
  if (type !== "network" || actions.every(({ Type }) => Type === "forward")) return;
  throw new ServiceError(
    "InvalidLoadBalancerAction",
    "Listeners of a network load balancer support only actions of type 'forward'",
  );
}

/** The Elastic IP addresses of an internet-facing load balancer, by subnet. */
export function readAddresses(
  account: Account,
  scheme: LoadBalancer["scheme"],
  mappings: readonly Elb.SubnetMapping[],
): ReadonlyMap<string, Address> {
  const addresses = new Map<string, Address>();
  const given = mappings.filter(({ AllocationId }) => AllocationId !== undefined);
  if (given.length > 0 && scheme === "internal")
    throw new ServiceError(
      "InvalidConfigurationRequest",
      "Elastic IP addresses can be specified for internet-facing load balancers only",
    );
  if (given.length > 0 && given.length < mappings.length)
    throw validationError("An Elastic IP address must be specified for all subnets or for none");
  for (const { SubnetId = "", AllocationId = "" } of given) {
    const address = account.ec2.addresses.get(AllocationId);
    if (address === undefined)
      throw new ServiceError("AllocationIdNotFound", `The allocation IDs '${AllocationId}' do not exist`);
    if (address.association !== undefined)
      throw new ServiceError(
        "InvalidConfigurationRequest",
        `The Elastic IP address '${AllocationId}' is already associated`,
      );
    addresses.set(SubnetId, address);
  }
  return addresses;
}

/** Associates its addresses with its network interfaces, one in each subnet. */
export function associateAddresses(
  account: Account,
  loadBalancer: LoadBalancer,
  addresses: ReadonlyMap<string, Address>,
): void {
  for (const id of loadBalancer.networkInterfaceIds) {
    const card = account.ec2.networkInterfaces.get(id);
    const address = addresses.get(card?.subnetId ?? "");
    if (card !== undefined && address !== undefined)
      address.association = {
        id: `eipassoc-${id.slice("eni-".length)}`,
        networkInterfaceId: id,
        privateIp: card.privateIp,
      };
  }
}

/** Releases the addresses of a load balancer that is deleted. */
export function disassociateAddresses(account: Account, { networkInterfaceIds }: LoadBalancer): void {
  for (const address of account.ec2.addresses.values())
    if (networkInterfaceIds.includes(address.association?.networkInterfaceId ?? ""))
      address.association = undefined;
}

/** What a Network Load Balancer's target group checks by default: that it accepts connections. */
export const tcpHealthCheck: TargetGroup["healthCheck"] = Object.freeze({
  path: "/",
  protocol: "TCP",
  port: "traffic-port",
  intervalSeconds: 30,
  timeoutSeconds: 10,
  healthyThreshold: 5,
  unhealthyThreshold: 2,
  httpCode: "200-399",
});
