import type * as Ec2 from "@aws-sdk/client-ec2";
import type { Account } from "../../core/account.js";
import type { Answer } from "../../core/answer.js";
import { ServiceError } from "../../core/service-error.js";
import { canonicalCidrIpv4 } from "./cidr.js";
import { findGateway } from "./gateways.js";
import { invalidValue, requireEc2 } from "./request.js";
import { findTable } from "./route-table-changes.js";
import type { RouteTable, RouteTarget } from "./state.js";

type RouteInput = Ec2.CreateRouteCommandInput | Ec2.ReplaceRouteCommandInput;

/** The routes of route tables, beside the local one. */
export const routes = (account: Account) => ({
  async createRoute(input: Ec2.CreateRouteCommandInput): Answer<Ec2.CreateRouteCommandOutput> {
    requireEc2(input, ["RouteTableId"]);
    const table = findTable(account, input.RouteTableId);
    const destination = destinationOf(input);
    const target = targetOf(account, table, input);
    if (table.routes.has(destination))
      throw new ServiceError("RouteAlreadyExists", `The route identified by ${destination} already exists.`);
    table.routes.set(destination, target);
    return { Return: true };
  },

  async replaceRoute(input: Ec2.ReplaceRouteCommandInput): Answer<Ec2.ReplaceRouteCommandOutput> {
    requireEc2(input, ["RouteTableId"]);
    const table = findTable(account, input.RouteTableId);
    const destination = destinationOf(input);
    if (!table.routes.has(destination))
      throw new ServiceError(
        "InvalidParameterValue",
        `There is no route defined for '${destination}' in the route table. Use CreateRoute instead.`,
      );
    table.routes.set(destination, targetOf(account, table, input));
    return {};
  },

  async deleteRoute(input: Ec2.DeleteRouteCommandInput): Answer<Ec2.DeleteRouteCommandOutput> {
    requireEc2(input, ["RouteTableId"]);
    const table = findTable(account, input.RouteTableId);
    const destination = destinationOf(input);
    if (!table.routes.delete(destination))
      throw new ServiceError(
        "InvalidRoute.NotFound",
        `no route with destination-cidr-block ${destination} in route table ${table.id}`,
      );
    return {};
  },
});

function destinationOf(input: Ec2.DeleteRouteCommandInput): string {
  const given = input.DestinationCidrBlock ?? input.DestinationIpv6CidrBlock ?? input.DestinationPrefixListId;
  if (given === undefined)
    throw new ServiceError(
      "MissingParameter",
      "The request must contain exactly one of destinationCidrBlock, destinationIpv6CidrBlock and destinationPrefixListId",
    );
  if (input.DestinationCidrBlock !== undefined && canonicalCidrIpv4(given) === undefined)
    throw invalidValue(
      `Value (${given}) for parameter destinationCidrBlock is invalid. This is not a valid CIDR block.`,
    );
  return given;
}

function targetOf(account: Account, { id, vpcId }: RouteTable, input: RouteInput): RouteTarget {
  const { GatewayId, NatGatewayId } = input;
  if (GatewayId?.startsWith("igw-") === true) {
    const gateway = findGateway(account, GatewayId);
    if (gateway.vpcId === vpcId) return { to: "internet", gatewayId: gateway.id };
    throw invalidValue(`route table ${id} and network gateway ${gateway.id} belong to different networks`);
  }
  if (NatGatewayId !== undefined) {
    const gateway = account.ec2.natGateways.get(NatGatewayId);
    if (gateway === undefined || (gateway.state !== "available" && gateway.state !== "pending"))
      throw new ServiceError(
        "InvalidNatGatewayID.NotFound",
        `The natGateway ID '${NatGatewayId}' does not exist`,
      );
    if (gateway.vpcId === vpcId) return { to: "nat", gatewayId: gateway.id };
    throw invalidValue(`route table ${id} and NAT gateway ${gateway.id} belong to different networks`);
  }
  const others = [
    GatewayId,
    input.EgressOnlyInternetGatewayId,
    input.InstanceId,
    input.NetworkInterfaceId,
    input.TransitGatewayId,
    input.VpcPeeringConnectionId,
  ];
  // Other routes lead to places that this cloud does not have.
  if (others.some((other) => other !== undefined) && input.DestinationCidrBlock !== "0.0.0.0/0")
    return { to: "elsewhere" };
  throw invalidValue("A route must have one of gatewayId and natGatewayId as its target.");
}
