import type * as Ec2 from "@aws-sdk/client-ec2";
import type { Ec2Api } from "../../../aws/api.js";
import type { Account } from "../../core/account.js";
import { untilConsistent } from "../../core/consistency.js";
import { durations } from "../../core/durations.js";
import { ServiceError } from "../../core/service-error.js";
import { tagList } from "../../core/tags.js";
import { applyFilters } from "./filters.js";
import { findSubnet } from "./network-changes.js";
import { attachNetworkInterface, detachNetworkInterface } from "./network-interfaces.js";
import { byIds, ec2Page, invalidValue, requireEc2, specifiedTags } from "./request.js";
import type { Address, NatGateway, Subnet } from "./state.js";

/** Source: Amazon VPC User Guide, "Amazon VPC quotas": NAT gateways in an Availability Zone. */
const MAX_IN_ZONE = 5;

/** NAT gateways. What AWS finds wrong with one, it says in its state some seconds later. */
export function natGateways(
  account: Account,
): Pick<Ec2Api, "createNatGateway" | "describeNatGateways" | "deleteNatGateway"> {
  const { ec2 } = account;
  return {
    async createNatGateway(input) {
      requireEc2(input, ["SubnetId"]);
      const same = [...ec2.natGateways.values()].find(
        ({ token }) => token !== undefined && token === input.ClientToken,
      );
      if (same !== undefined) return { NatGateway: describe(same), ClientToken: input.ClientToken };
      const subnet = findSubnet(account, input.SubnetId);
      const isPublic = input.ConnectivityType !== "private";
      if (isPublic && input.AllocationId === undefined)
        throw new ServiceError(
          "MissingParameter",
          "The request must include the AllocationId parameter. Add the required parameter and retry the request.",
        );
      const tags = specifiedTags(input.TagSpecifications, "natgateway");
      const inZone = [...ec2.natGateways.values()].filter(
        ({ state, subnetId }) =>
          (state === "pending" || state === "available" || state === "deleting") &&
          ec2.subnets.get(subnetId)?.zone === subnet.zone,
      );
      if (inZone.length >= MAX_IN_ZONE)
        throw new ServiceError(
          "NatGatewayLimitExceeded",
          `Performing this operation would exceed the limit of ${MAX_IN_ZONE} NAT gateways`,
        );
      const address = isPublic ? ec2.addresses.get(input.AllocationId ?? "") : undefined;
      const failure = isPublic ? failureOf(account, subnet, address, input.AllocationId) : undefined;
      const id = `nat-${account.hex(17)}`;
      const card =
        failure === undefined
          ? attachNetworkInterface(account, {
              description: `Interface for NAT Gateway ${id}`,
              subnetId: subnet.id,
              groupIds: [],
              requester: "amazon-vpc",
              type: "nat_gateway",
              isPublic,
            })
          : undefined;
      if (address !== undefined && card !== undefined)
        address.association = {
          id: `eipassoc-${id.slice("nat-".length)}`,
          networkInterfaceId: card.id,
          privateIp: card.privateIp,
        };
      const gateway: NatGateway = {
        id,
        vpcId: subnet.vpcId,
        subnetId: subnet.id,
        createdAt: new Date(account.clock.now()),
        isPublic,
        address,
        networkInterface: card && { id: card.id, privateIp: card.privateIp },
        state: "pending",
        token: input.ClientToken,
        tags,
      };
      ec2.natGateways.set(id, gateway);
      account.clock.schedule(
        failure === undefined ? durations.natGatewayCreation : durations.natGatewayFailure,
        () => {
          if (gateway.state !== "pending") return;
          gateway.state = failure === undefined ? "available" : "failed";
          gateway.failure = failure;
          if (failure !== undefined) forget(gateway);
        },
      );
      return { NatGateway: describe(gateway), ClientToken: input.ClientToken };
    },

    async describeNatGateways(input) {
      const known = byIds(ec2.natGateways, input.NatGatewayIds, natGatewayNotFound);
      const found = applyFilters(
        known,
        input.Filter,
        {
          "nat-gateway-id": ({ id }) => [id],
          state: ({ state }) => [state],
          "subnet-id": ({ subnetId }) => [subnetId],
          "vpc-id": ({ vpcId }) => [vpcId],
        },
        ({ tags }) => tags,
      );
      const { items, nextToken } = ec2Page(found, input);
      return { NatGateways: items.map(describe), NextToken: nextToken };
    },

    async deleteNatGateway(input) {
      requireEc2(input, ["NatGatewayId"]);
      const id = input.NatGatewayId ?? "";
      const gateway = ec2.natGateways.get(id);
      if (gateway === undefined) throw natGatewayNotFound(id);
      if (gateway.state === "deleting" || gateway.state === "deleted") return { NatGatewayId: id };
      if (gateway.state === "pending" && gateway.networkInterface !== undefined)
        throw invalidState(id, gateway.state);
      gateway.state = "deleting";
      account.clock.schedule(durations.natGatewayDeletion, () => {
        gateway.state = "deleted";
        gateway.deletedAt = new Date(account.clock.now());
        const { address, networkInterface } = gateway;
        if (networkInterface !== undefined) detachNetworkInterface(account, networkInterface.id);
        if (address !== undefined && address.association?.networkInterfaceId === networkInterface?.id)
          account.clock.schedule(untilConsistent(account, "addressRelease"), () => {
            address.association = undefined;
          });
        forget(gateway);
      });
      return { NatGatewayId: id };
    },
  };

  function forget({ id }: NatGateway): void {
    account.clock.schedule(durations.natGatewayLinger, () => ec2.natGateways.delete(id), "background");
  }
}

/** Source: Amazon VPC User Guide, "Troubleshoot NAT gateways": the failure messages of a NAT gateway. */
function failureOf(
  { ec2 }: Account,
  { id, vpcId }: Subnet,
  address: Address | undefined,
  allocationId = "",
): NatGateway["failure"] {
  if (![...ec2.internetGateways.values()].some((gateway) => gateway.vpcId === vpcId))
    return { code: "Gateway.NotAttached", message: `Network ${vpcId} has no Internet gateway attached` };
  if (address === undefined)
    return {
      code: "InvalidAllocationID.NotFound",
      message: `Elastic IP address ${allocationId} could not be associated with this NAT gateway`,
    };
  if (address.association !== undefined)
    return {
      code: "Resource.AlreadyAssociated",
      message: `Elastic IP address ${allocationId} is already associated`,
    };
  return ec2.subnets.has(id)
    ? undefined
    : { code: "InvalidSubnetID.NotFound", message: `The subnet ID '${id}' does not exist` };
}

const natGatewayNotFound = (id: string): ServiceError =>
  new ServiceError("NatGatewayNotFound", `The Nat Gateway ${id} was not found`);

/** A NAT gateway can be deleted once it is no longer pending. */
const invalidState = (id: string, state: string): ServiceError =>
  invalidValue(`NatGateway ${id} is in state ${state} and cannot be deleted`);

const describe = (gateway: NatGateway): Ec2.NatGateway => ({
  NatGatewayId: gateway.id,
  VpcId: gateway.vpcId,
  SubnetId: gateway.subnetId,
  State: gateway.state,
  ConnectivityType: gateway.isPublic ? "public" : "private",
  CreateTime: gateway.createdAt,
  ...(gateway.deletedAt && { DeleteTime: gateway.deletedAt }),
  ...(gateway.failure && { FailureCode: gateway.failure.code, FailureMessage: gateway.failure.message }),
  NatGatewayAddresses: [
    {
      ...(gateway.address && { AllocationId: gateway.address.id, PublicIp: gateway.address.publicIp }),
      ...(gateway.networkInterface && {
        NetworkInterfaceId: gateway.networkInterface.id,
        PrivateIp: gateway.networkInterface.privateIp,
      }),
      IsPrimary: true,
      Status: gateway.state === "available" ? "succeeded" : "associating",
    },
  ],
  Tags: tagList(gateway.tags),
});
