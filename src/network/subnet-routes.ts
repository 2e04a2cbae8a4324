import type { Route, RouteTable } from "@aws-sdk/client-ec2";
import type { AwsContext } from "../aws/context.js";
import { paginate } from "../aws/paginate.js";

/**
 * The target of a subnet's routes to the internet. `other-network`: it has none, but a route to another network (a
 * peering, a transit gateway), which may have endpoints or a proxy.
 */
export type Egress = "internet-gateway" | "other" | "other-network" | "none";

export interface SubnetRoutes {
  readonly egress: Egress;
  readonly routeTableId: string | undefined;
}

const EVERYWHERE = "0.0.0.0/0";
const EVERYWHERE_IPV6 = "::/0";

/**
 * The routes of each subnet of a VPC, which make it public or private. AWS has no such property: it follows
 * from the routes of the table that a subnet is associated with, or of the VPC's main table (VPC guide,
 * "Subnet types").
 */
export async function routesOf(
  vpcId: string,
  { aws }: AwsContext,
): Promise<(subnetId: string) => SubnetRoutes> {
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
  return (subnetId) => {
    const table = own.get(subnetId) ?? main;
    return { egress: egressThrough(table), routeTableId: table?.RouteTableId };
  };
}

/** ECS, ECR and most registries are reached by IPv4: its default route decides if there is one. */
function egressThrough(table: RouteTable | undefined): Egress {
  const routes = (table?.Routes ?? []).filter((route) => route.State !== "blackhole");
  const open =
    routes.find((route) => route.DestinationCidrBlock === EVERYWHERE) ??
    routes.find((route) => route.DestinationIpv6CidrBlock === EVERYWHERE_IPV6);
  if (open !== undefined) return open.GatewayId?.startsWith("igw-") ? "internet-gateway" : "other";
  return routes.some((route) => !isInside(route)) ? "other-network" : "none";
}

/** True for the VPC's own routes, and for those to its gateway endpoints. */
const isInside = ({ GatewayId }: Route): boolean =>
  GatewayId === "local" || GatewayId?.startsWith("vpce-") === true;
