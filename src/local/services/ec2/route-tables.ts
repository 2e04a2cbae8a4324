import type { Route } from "@aws-sdk/client-ec2";
import type { Ec2Api } from "../../../aws/api.js";
import type { Account } from "../../core/account.js";
import { ServiceError } from "../../core/service-error.js";
import { tagList } from "../../core/tags.js";
import { applyFilters } from "./filters.js";
import { byIds, ec2Page } from "./request.js";
import { isBlackhole } from "./egress.js";
import type { RouteTable } from "./state.js";

export function routeTables(account: Account): Pick<Ec2Api, "describeRouteTables"> {
  return {
    async describeRouteTables(input) {
      const known = byIds(
        account.ec2.routeTables,
        input.RouteTableIds,
        (id) => new ServiceError("InvalidRouteTableID.NotFound", `The routeTable ID '${id}' does not exist`),
      );
      const found = applyFilters(
        known,
        input.Filters,
        {
          "route-table-id": (table) => [table.id],
          "vpc-id": (table) => [table.vpcId],
          "association.main": (table) => [String(table.isMain)],
          "association.subnet-id": (table) => table.subnetIds,
        },
        ({ tags }) => tags,
      );
      const { items, nextToken } = ec2Page(found, input, { min: 5, max: 100 });
      return { RouteTables: items.map((table) => describeRouteTable(account, table)), NextToken: nextToken };
    },
  };
}

export function describeRouteTable(account: Account, table: RouteTable) {
  const local: Route = {
    DestinationCidrBlock: account.ec2.vpcs.get(table.vpcId)?.cidr,
    GatewayId: "local",
    Origin: "CreateRouteTable",
    State: "active",
  };
  const association = (id: string) => ({
    RouteTableAssociationId: associationId(id),
    RouteTableId: table.id,
    AssociationState: { State: "associated" as const },
  });
  const associations = table.isMain
    ? [{ ...association(table.id), Main: true }]
    : table.subnetIds.map((SubnetId) => ({ ...association(SubnetId), Main: false, SubnetId }));
  return {
    RouteTableId: table.id,
    VpcId: table.vpcId,
    Associations: associations,
    Routes: [local, ...ownRoutes(account, table), ...gatewayEndpointRoutes(account, table)],
    PropagatingVgws: [],
    OwnerId: account.accountId,
    Tags: tagList(table.tags),
  };
}

/** The id of the association with a subnet, or of the main table with its VPC. */
export const associationId = (id: string): string => `rtbassoc-${id.slice(id.indexOf("-") + 1)}`;

/** A gateway endpoint is a route to a prefix list. */
const gatewayEndpointRoutes = ({ ec2 }: Account, { id }: RouteTable): Route[] =>
  [...ec2.vpcEndpoints.values()]
    .filter(({ routeTableIds }) => routeTableIds.has(id))
    .map((endpoint) => ({
      DestinationPrefixListId: endpoint.service === "s3" ? "pl-6da54004" : "pl-6fa54006",
      GatewayId: endpoint.id,
      State: "active",
      Origin: "CreateRoute",
    }));

/** The routes whose target this cloud has, and where others lead is not known. */
const ownRoutes = (account: Account, { vpcId, routes }: RouteTable): Route[] =>
  [...routes].map(([destination, target]) => ({
    ...(destination.startsWith("pl-")
      ? { DestinationPrefixListId: destination }
      : destination.includes(":")
        ? { DestinationIpv6CidrBlock: destination }
        : { DestinationCidrBlock: destination }),
    ...(target.to === "internet" && { GatewayId: target.gatewayId }),
    ...(target.to === "nat" && { NatGatewayId: target.gatewayId }),
    State: isBlackhole(account, vpcId, target) ? "blackhole" : "active",
    Origin: "CreateRoute",
  }));
