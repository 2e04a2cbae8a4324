import type { RouteTable } from "@aws-sdk/client-ec2";
import type { AwsContext } from "../aws/context.js";
import { paginate } from "../aws/paginate.js";

/** The target of a subnet's routes to the internet. */
export type Egress = "internet-gateway" | "other" | "none";

/**
 * The egress of each subnet of a VPC, which makes it public or private. AWS has no such property: it follows
 * from the routes of the table that a subnet is associated with, or of the VPC's main table (VPC guide,
 * "Subnet types").
 */
export async function egressOf(vpcId: string, { aws }: AwsContext): Promise<(subnetId: string) => Egress> {
  const Filters = [{ Name: "vpc-id", Values: [vpcId] }];
  const tables = await paginate(
    "NextToken",
    (next) => aws.ec2.describeRouteTables({ Filters, ...next }),
    ({ RouteTables }) => RouteTables,
  );
  const main = tables.find(({ Associations = [] }) => Associations.some((each) => each.Main === true));
  const own = new Map(
    tables.flatMap((table) => (table.Associations ?? []).map((each) => [each.SubnetId, table] as const)),
  );
  return (subnetId) => egressThrough(own.get(subnetId) ?? main);
}

function egressThrough(table: RouteTable | undefined): Egress {
  const routes = (table?.Routes ?? []).filter(({ State }) => State !== "blackhole");
  const ipv4 = routes.filter(({ DestinationCidrBlock }) => DestinationCidrBlock === "0.0.0.0/0");
  const ipv6 = routes.filter(({ DestinationIpv6CidrBlock }) => DestinationIpv6CidrBlock === "::/0");
  // Public IPv4 addresses work only with an IPv4 route: next to one, a route for IPv6 does not count.
  const open = ipv4.length > 0 ? ipv4 : ipv6;
  if (open.length === 0) return "none";
  return open.some(({ GatewayId }) => GatewayId?.startsWith("igw-")) ? "internet-gateway" : "other";
}
