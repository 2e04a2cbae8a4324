import type { Route } from "@aws-sdk/client-ec2";
import type { Ec2Api } from "../../../aws/api.js";
import type { Account } from "../../core/account.js";
import { ServiceError } from "../../core/service-error.js";
import { tagList } from "../../core/tags.js";
import { applyFilters } from "./filters.js";
import { byIds, ec2Page } from "./request.js";
import type { RouteTable } from "./state.js";
import { endpointId } from "./vpc-endpoints.js";

const noTags: ReadonlyMap<string, string> = new Map();

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
        ({ tags = noTags }) => tags,
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
    Routes: [local, ...defaultRoute(table), ...gatewayEndpointRoutes(account, table)],
    PropagatingVgws: [],
    OwnerId: account.accountId,
    Tags: tagList(table.tags ?? noTags),
  };
}

/** The id of the association with a subnet, or of the main table with its VPC. */
export const associationId = (id: string): string => `rtbassoc-${id.slice(id.indexOf("-") + 1)}`;

/** A gateway endpoint is a route to a prefix list. */
const gatewayEndpointRoutes = (account: Account, { vpcId }: RouteTable): Route[] =>
  account.ec2.vpcs.get(vpcId)?.endpoints.includes("s3") === true
    ? [
        {
          DestinationPrefixListId: "pl-6da54004",
          GatewayId: endpointId(vpcId, "s3"),
          State: "active",
          Origin: "CreateRoute",
        },
      ]
    : [];

function defaultRoute({ egress, gatewayId }: RouteTable): Route[] {
  const route = {
    DestinationCidrBlock: "0.0.0.0/0",
    State: "active" as const,
    Origin: "CreateRoute" as const,
  };
  if (egress === "internet") return [{ ...route, GatewayId: gatewayId }];
  return egress === "nat" ? [{ ...route, NatGatewayId: gatewayId }] : [];
}
