import type * as Ec2 from "@aws-sdk/client-ec2";
import type { Account } from "../../core/account.js";
import type { Answer } from "../../core/answer.js";
import { ServiceError } from "../../core/service-error.js";
import { tagList } from "../../core/tags.js";
import { applyFilters } from "./filters.js";
import { dependencyViolation, findSubnet, findVpc } from "./network-changes.js";
import { byIds, ec2Page, invalidValue, requireEc2, specifiedTags } from "./request.js";
import { associationId, describeRouteTable } from "./route-tables.js";
import type { InternetGateway, RouteTable } from "./state.js";

/** Internet gateways. */
export const internetGateways = (account: Account) => ({
  async createInternetGateway(
    input: Ec2.CreateInternetGatewayCommandInput,
  ): Answer<Ec2.CreateInternetGatewayCommandOutput> {
    const tags = specifiedTags(input.TagSpecifications, "internet-gateway");
    const gateway: InternetGateway = { id: `igw-${account.hex(17)}`, vpcId: undefined, tags };
    account.ec2.internetGateways.set(gateway.id, gateway);
    return { InternetGateway: describeGateway(account, gateway) };
  },

  async describeInternetGateways(
    input: Ec2.DescribeInternetGatewaysCommandInput,
  ): Answer<Ec2.DescribeInternetGatewaysCommandOutput> {
    const known = byIds(account.ec2.internetGateways, input.InternetGatewayIds, gatewayNotFound);
    const found = applyFilters(
      known,
      input.Filters,
      {
        "internet-gateway-id": ({ id }) => [id],
        "attachment.vpc-id": ({ vpcId }) => [vpcId],
        "attachment.state": ({ vpcId }) => (vpcId === undefined ? [] : ["available"]),
        "owner-id": () => [account.accountId],
      },
      ({ tags }) => tags,
    );
    const { items, nextToken } = ec2Page(found, input);
    return { InternetGateways: items.map((each) => describeGateway(account, each)), NextToken: nextToken };
  },

  async attachInternetGateway(
    input: Ec2.AttachInternetGatewayCommandInput,
  ): Answer<Ec2.AttachInternetGatewayCommandOutput> {
    const gateway = findGateway(account, input.InternetGatewayId);
    const { id } = findVpc(account, input.VpcId);
    if (gateway.vpcId !== undefined)
      throw new ServiceError(
        "Resource.AlreadyAssociated",
        `resource ${gateway.id} is already attached to network ${gateway.vpcId}`,
      );
    if ([...account.ec2.internetGateways.values()].some(({ vpcId }) => vpcId === id))
      throw new ServiceError(
        "InvalidParameterValue",
        `Network ${id} already has an internet gateway attached`,
      );
    gateway.vpcId = id;
    return {};
  },

  async detachInternetGateway(
    input: Ec2.DetachInternetGatewayCommandInput,
  ): Answer<Ec2.DetachInternetGatewayCommandOutput> {
    const gateway = findGateway(account, input.InternetGatewayId);
    if (gateway.vpcId === undefined || gateway.vpcId !== input.VpcId)
      throw new ServiceError(
        "Gateway.NotAttached",
        `resource ${gateway.id} is not attached to network ${input.VpcId}`,
      );
    gateway.vpcId = undefined;
    return {};
  },

  async deleteInternetGateway(
    input: Ec2.DeleteInternetGatewayCommandInput,
  ): Answer<Ec2.DeleteInternetGatewayCommandOutput> {
    const { id, vpcId } = findGateway(account, input.InternetGatewayId);
    if (vpcId !== undefined)
      throw dependencyViolation(`The internetGateway '${id}' has dependencies and cannot be deleted.`);
    account.ec2.internetGateways.delete(id);
    return {};
  },
});

/** Route tables of one's own, with a default route or none. */
export const routeTableChanges = (account: Account) => ({
  async createRouteTable(input: Ec2.CreateRouteTableCommandInput): Answer<Ec2.CreateRouteTableCommandOutput> {
    requireEc2(input, ["VpcId"]);
    const { id: vpcId } = findVpc(account, input.VpcId);
    const tags = specifiedTags(input.TagSpecifications, "route-table");
    const id = `rtb-${account.hex(17)}`;
    const table: RouteTable = {
      id,
      vpcId,
      isMain: false,
      subnetIds: [],
      egress: "none",
      gatewayId: "",
      tags,
    };
    account.ec2.routeTables.set(id, table);
    return { RouteTable: describeRouteTable(account, table) };
  },

  async deleteRouteTable(input: Ec2.DeleteRouteTableCommandInput): Answer<Ec2.DeleteRouteTableCommandOutput> {
    const { id, isMain, subnetIds } = findTable(account, input.RouteTableId);
    if (isMain || subnetIds.length > 0)
      throw dependencyViolation(`The routeTable '${id}' has dependencies and cannot be deleted.`);
    account.ec2.routeTables.delete(id);
    return {};
  },

  async associateRouteTable(
    input: Ec2.AssociateRouteTableCommandInput,
  ): Answer<Ec2.AssociateRouteTableCommandOutput> {
    const table = findTable(account, input.RouteTableId);
    const { id } = findSubnet(account, input.SubnetId);
    const other = [...account.ec2.routeTables.values()].find(
      (each) => !each.isMain && each.subnetIds.includes(id) && each !== table,
    );
    if (other !== undefined)
      throw new ServiceError(
        "Resource.AlreadyAssociated",
        `the specified association for route table ${table.id} conflicts with an existing association`,
      );
    table.subnetIds = [...new Set([...table.subnetIds, id])];
    return { AssociationId: associationId(id), AssociationState: { State: "associated" } };
  },

  async disassociateRouteTable(
    input: Ec2.DisassociateRouteTableCommandInput,
  ): Answer<Ec2.DisassociateRouteTableCommandOutput> {
    const { AssociationId: association = "" } = input;
    const table = [...account.ec2.routeTables.values()].find(({ subnetIds }) =>
      subnetIds.some((id) => associationId(id) === association),
    );
    if (table === undefined)
      throw new ServiceError(
        "InvalidAssociationID.NotFound",
        `The association ID '${association}' does not exist`,
      );
    table.subnetIds = table.subnetIds.filter((id) => associationId(id) !== association);
    return {};
  },

  async createRoute(input: Ec2.CreateRouteCommandInput): Answer<Ec2.CreateRouteCommandOutput> {
    const table = findTable(account, input.RouteTableId);
    const { GatewayId, NatGatewayId, DestinationCidrBlock } = input;
    // The default route decides what is reachable; others lead to places that this cloud does not have.
    if (DestinationCidrBlock !== "0.0.0.0/0") return { Return: true };
    if (table.egress !== "none")
      throw new ServiceError(
        "RouteAlreadyExists",
        `The route identified by ${DestinationCidrBlock} already exists.`,
      );
    if (GatewayId !== undefined) findGateway(account, GatewayId);
    else if (NatGatewayId === undefined)
      throw invalidValue("A route must have one of gatewayId and natGatewayId as its target.");
    table.egress = GatewayId === undefined ? "nat" : "internet";
    table.gatewayId = GatewayId ?? NatGatewayId ?? "";
    return { Return: true };
  },

  async deleteRoute(input: Ec2.DeleteRouteCommandInput): Answer<Ec2.DeleteRouteCommandOutput> {
    const table = findTable(account, input.RouteTableId);
    const { DestinationCidrBlock } = input;
    if (DestinationCidrBlock !== "0.0.0.0/0" || table.egress === "none")
      throw new ServiceError(
        "InvalidRoute.NotFound",
        `no route with destination-cidr-block ${DestinationCidrBlock} in route table ${table.id}`,
      );
    table.egress = "none";
    return {};
  },
});

function findTable(account: Account, id: string | undefined): RouteTable {
  const found = account.ec2.routeTables.get(id ?? "");
  if (found !== undefined) return found;
  throw new ServiceError("InvalidRouteTableID.NotFound", `The routeTable ID '${id}' does not exist`);
}

function findGateway(account: Account, id = ""): InternetGateway {
  const found = account.ec2.internetGateways.get(id);
  if (found !== undefined) return found;
  throw gatewayNotFound(id);
}

const gatewayNotFound = (id: string): ServiceError =>
  new ServiceError("InvalidInternetGatewayID.NotFound", `The internetGateway ID '${id}' does not exist`);

const describeGateway = (account: Account, { id, vpcId, tags }: InternetGateway): Ec2.InternetGateway => ({
  InternetGatewayId: id,
  OwnerId: account.accountId,
  Attachments: vpcId === undefined ? [] : [{ VpcId: vpcId, State: "available" as Ec2.AttachmentStatus }],
  Tags: tagList(tags),
});
