import type { Account } from "../../core/account.js";
import { canConnect } from "./admits.js";
import type { NetworkInterface, RouteTable, RouteTarget } from "./state.js";

type Network = Pick<Account, "ec2">;

/** The route table of a subnet: its own, or the main one of its VPC. */
function routeTableOf({ ec2 }: Network, subnetId: string): RouteTable | undefined {
  const tables = [...ec2.routeTables.values()];
  const vpcId = ec2.subnets.get(subnetId)?.vpcId;
  const own = tables.find(({ subnetIds }) => subnetIds.includes(subnetId));
  return own ?? tables.find((table) => table.vpcId === vpcId && table.isMain);
}

/** True if the target of a route no longer exists, or no longer in its VPC. */
export function isBlackhole({ ec2 }: Network, vpcId: string, target: RouteTarget): boolean {
  if (target.to === "internet") return ec2.internetGateways.get(target.gatewayId)?.vpcId !== vpcId;
  if (target.to === "elsewhere") return false;
  const state = ec2.natGateways.get(target.gatewayId)?.state;
  return state !== "available" && state !== "pending";
}

/** The target of a subnet's default route that really leads out: `none` for a blackhole. */
export function egressOf(network: Network, subnetId: string): "internet" | "nat" | "none" {
  const table = routeTableOf(network, subnetId);
  const target = table?.routes.get("0.0.0.0/0");
  if (table === undefined || target === undefined || target.to === "elsewhere") return "none";
  if (isBlackhole(network, table.vpcId, target)) return "none";
  if (target.to === "internet") return "internet";
  const gateway = network.ec2.natGateways.get(target.gatewayId);
  // A NAT gateway works in a public subnet only.
  const works =
    gateway?.state === "available" &&
    gateway.isPublic &&
    (isInitial(gateway.token, gateway.networkInterface?.id, network) ||
      egressOf(network, gateway.subnetId) === "internet");
  return works ? "nat" : "none";
}

/** The NAT gateways that an account has from the start have no network interface of their own here. */
const isInitial = (token: string | undefined, interfaceId: string | undefined, { ec2 }: Network): boolean =>
  token === undefined && !ec2.networkInterfaces.has(interfaceId ?? "");

/**
 * True if a network interface reaches the services: over the internet with a public address or a NAT gateway,
 * else through endpoints of its VPC.
 */
export function reachesServices(
  account: Network,
  networkInterfaceId: string | undefined,
  services: readonly string[],
): boolean {
  const card = account.ec2.networkInterfaces.get(networkInterfaceId ?? "");
  if (card === undefined) return true;
  const egress = egressOf(account, card.subnetId);
  if (egress === "nat" || (egress === "internet" && card.isPublic)) return true;
  return services.every((service) => hasEndpoint(account, card, service));
}

/**
 * True if the service's name leads to an endpoint: a gateway endpoint of the route table, or an interface endpoint with
 * a private name whose security groups let HTTPS in.
 */
function hasEndpoint(account: Network, card: NetworkInterface, service: string): boolean {
  const table = routeTableOf(account, card.subnetId)?.id ?? "";
  return [...account.ec2.vpcEndpoints.values()].some((endpoint) => {
    if (endpoint.vpcId !== card.vpcId || endpoint.service !== service || endpoint.state !== "available")
      return false;
    if (endpoint.type === "Gateway") return endpoint.routeTableIds.has(table);
    const interfaces = [...endpoint.networkInterfaces.values()].flatMap(
      (id) => account.ec2.networkInterfaces.get(id) ?? [],
    );
    // Those from the start have no interfaces of their own here.
    const isOpen = interfaces.length === 0 || interfaces.some((each) => canConnect(account, card, each, 443));
    return endpoint.hasPrivateDns && isOpen;
  });
}
