import type { Change } from "../../engine/plan.js";

/*
 * What AWS bills by the hour in a network, in US dollars in us-east-1; other regions cost up to twice as much. Source:
 * https://aws.amazon.com/vpc/pricing and https://aws.amazon.com/privatelink/pricing, as of November 2026.
 */
const NAT_GATEWAY = 0.045;
const PUBLIC_ADDRESS = 0.005;
/** In each Availability Zone. */
const INTERFACE_ENDPOINT = 0.01;
/** As AWS reckons. */
const HOURS_A_MONTH = 730;

/** What the NAT gateways and interface endpoints that are created cost. */
export function networkCosts(changes: readonly Change[]): string[] {
  const created = (kind: string) =>
    changes.filter(({ action, resource }) => action === "create" && resource === kind);
  const gateways = created("nat-gateway").length;
  const inZones = created("vpc-endpoint").map(zonesOf);
  const endpoints = inZones.filter((zones) => zones > 0).length;
  const interfaces = inZones.reduce((sum, zones) => sum + zones, 0);
  return [
    ...(gateways === 0
      ? []
      : [
          `${several(gateways, "NAT gateway")} with ${gateways === 1 ? "its public IPv4 address costs" : "their public IPv4 addresses cost"} about ${monthly(gateways * (NAT_GATEWAY + PUBLIC_ADDRESS))} a month in us-east-1, and $0.045 per GB (aws.amazon.com/vpc/pricing)`,
        ]),
    ...(endpoints === 0
      ? []
      : [
          `${several(endpoints, "interface endpoint")} with ${several(interfaces, "network interface")} ${endpoints === 1 ? "costs" : "cost"} about ${monthly(interfaces * INTERFACE_ENDPOINT)} a month in us-east-1, and $0.01 per GB (aws.amazon.com/privatelink/pricing)`,
        ]),
  ];
}

/** The number of zones in which an endpoint has a network interface; a gateway endpoint has none. */
function zonesOf({ fields }: Change): number {
  const subnets = fields.find(({ path }) => path === "subnetIds")?.after;
  return Array.isArray(subnets) ? subnets.length : 0;
}

const several = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? "" : "s"}`;
const monthly = (perHour: number): string => `$${Math.round(perHour * HOURS_A_MONTH)}`;
