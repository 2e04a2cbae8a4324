import type { Ec2Api } from "../../../aws/api.js";
import type { Account } from "../../core/account.js";
import { arnOf } from "../../core/arn.js";
import { associationId } from "../../services/ec2/route-tables.js";
import { onAll, type PermissionTable, type Requirement } from "../required-permission.js";
import { taggingAtCreate } from "../request-tags.js";

/*
 * Source: Service Authorization Reference, "Actions, resources, and condition keys for Amazon EC2": what creates or
 * changes a part of a network is checked on all the parts that the request names.
 */

const ec2 = (account: Account, type: string, id = "*"): string => arnOf(account, "ec2", `${type}/${id}`);

/** On what is created, with its tags, and on what the request names besides. */
function creating(
  account: Account,
  input: object,
  [operation, type]: readonly [operation: string, type: string],
  named: readonly (string | undefined)[] = [],
): readonly Requirement[] {
  const created = ec2(account, type);
  return [
    created,
    ...named.filter((each) => each !== undefined),
    ...taggingAtCreate(input, "ec2:CreateTags", created, { "ec2:CreateAction": [operation] }),
  ];
}

const all = (account: Account, type: string, ids: readonly string[] = []): readonly string[] =>
  ids.map((id) => ec2(account, type, id));

type Network = Pick<
  Ec2Api,
  | "createVpc"
  | "deleteVpc"
  | "describeVpcAttribute"
  | "modifyVpcAttribute"
  | "describeAvailabilityZones"
  | "createSubnet"
  | "deleteSubnet"
  | "createInternetGateway"
  | "describeInternetGateways"
  | "attachInternetGateway"
  | "detachInternetGateway"
  | "deleteInternetGateway"
  | "createRouteTable"
  | "deleteRouteTable"
  | "associateRouteTable"
  | "disassociateRouteTable"
  | "createRoute"
  | "replaceRoute"
  | "deleteRoute"
  | "allocateAddress"
  | "describeAddresses"
  | "releaseAddress"
  | "createNatGateway"
  | "describeNatGateways"
  | "deleteNatGateway"
  | "createVpcEndpoint"
  | "modifyVpcEndpoint"
  | "deleteVpcEndpoints"
  | "describeVpcEndpointServices"
>;

export const EC2_NETWORK: PermissionTable<Network> = {
  describeVpcAttribute: onAll,
  describeAvailabilityZones: onAll,
  describeInternetGateways: onAll,
  describeAddresses: onAll,
  describeNatGateways: onAll,
  describeVpcEndpointServices: onAll,
  createVpc: (input, account) => creating(account, input, ["CreateVpc", "vpc"]),
  deleteVpc: ({ VpcId }, account) => ec2(account, "vpc", VpcId),
  modifyVpcAttribute: ({ VpcId }, account) => ec2(account, "vpc", VpcId),
  createSubnet: (input, account) =>
    creating(account, input, ["CreateSubnet", "subnet"], [ec2(account, "vpc", input.VpcId)]),
  deleteSubnet: ({ SubnetId }, account) => ec2(account, "subnet", SubnetId),
  createInternetGateway: (input, account) =>
    creating(account, input, ["CreateInternetGateway", "internet-gateway"]),
  attachInternetGateway: ({ InternetGatewayId, VpcId }, account) => [
    ec2(account, "internet-gateway", InternetGatewayId),
    ec2(account, "vpc", VpcId),
  ],
  detachInternetGateway: ({ InternetGatewayId, VpcId }, account) => [
    ec2(account, "internet-gateway", InternetGatewayId),
    ec2(account, "vpc", VpcId),
  ],
  deleteInternetGateway: ({ InternetGatewayId }, account) =>
    ec2(account, "internet-gateway", InternetGatewayId),
  createRouteTable: (input, account) =>
    creating(account, input, ["CreateRouteTable", "route-table"], [ec2(account, "vpc", input.VpcId)]),
  deleteRouteTable: ({ RouteTableId }, account) => ec2(account, "route-table", RouteTableId),
  associateRouteTable: ({ RouteTableId, SubnetId }, account) => [
    ec2(account, "route-table", RouteTableId),
    ec2(account, "subnet", SubnetId),
  ],
  disassociateRouteTable: ({ AssociationId }, account) => {
    const table = [...account.ec2.routeTables.values()].find(({ subnetIds }) =>
      subnetIds.some((id) => associationId(id) === AssociationId),
    );
    return ec2(account, "route-table", table?.id);
  },
  createRoute: ({ RouteTableId }, account) => ec2(account, "route-table", RouteTableId),
  replaceRoute: ({ RouteTableId }, account) => ec2(account, "route-table", RouteTableId),
  deleteRoute: ({ RouteTableId }, account) => ec2(account, "route-table", RouteTableId),
  allocateAddress: (input, account) => creating(account, input, ["AllocateAddress", "elastic-ip"]),
  releaseAddress: ({ AllocationId }, account) => ec2(account, "elastic-ip", AllocationId),
  createNatGateway: (input, account) =>
    creating(
      account,
      input,
      ["CreateNatGateway", "natgateway"],
      [
        ec2(account, "subnet", input.SubnetId),
        input.AllocationId === undefined ? undefined : ec2(account, "elastic-ip", input.AllocationId),
      ],
    ),
  deleteNatGateway: ({ NatGatewayId }, account) => ec2(account, "natgateway", NatGatewayId),
  createVpcEndpoint: (input, account) => [
    ...creating(
      account,
      input,
      ["CreateVpcEndpoint", "vpc-endpoint"],
      [
        ec2(account, "vpc", input.VpcId),
        ...all(account, "subnet", input.SubnetIds),
        ...all(account, "security-group", input.SecurityGroupIds),
        ...all(account, "route-table", input.RouteTableIds),
      ],
    ),
    // A private name is a private hosted zone that AWS associates with the VPC.
    ...(input.VpcEndpointType === "Interface" && input.PrivateDnsEnabled !== false
      ? [{ action: "route53:AssociateVPCWithHostedZone", resource: "*" }]
      : []),
  ],
  modifyVpcEndpoint: (input, account) => [
    ec2(account, "vpc-endpoint", input.VpcEndpointId),
    ...all(account, "subnet", input.AddSubnetIds),
    ...all(account, "security-group", input.AddSecurityGroupIds),
    ...all(account, "route-table", input.AddRouteTableIds),
  ],
  deleteVpcEndpoints: ({ VpcEndpointIds }, account) => all(account, "vpc-endpoint", VpcEndpointIds),
};
