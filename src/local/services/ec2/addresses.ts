import type * as Ec2 from "@aws-sdk/client-ec2";
import type { Ec2Api } from "../../../aws/api.js";
import type { Account } from "../../core/account.js";
import { ServiceError } from "../../core/service-error.js";
import { tagList } from "../../core/tags.js";
import { applyFilters } from "./filters.js";
import { byIds, invalidValue, requireEc2, specifiedTags } from "./request.js";
import type { Address } from "./state.js";

/** Source: Amazon EC2 User Guide, "Elastic IP address quota": five a region, unless it is raised. */
const MAX_ADDRESSES = 5;

/** Elastic IP addresses. */
export function addresses(
  account: Account,
): Pick<Ec2Api, "allocateAddress" | "describeAddresses" | "releaseAddress"> {
  const { ec2 } = account;
  return {
    async allocateAddress(input) {
      if (input.Domain !== undefined && input.Domain !== "vpc")
        throw invalidValue(`Value (${input.Domain}) for parameter domain is invalid.`);
      const tags = specifiedTags(input.TagSpecifications, "elastic-ip");
      if (ec2.addresses.size >= MAX_ADDRESSES)
        throw new ServiceError("AddressLimitExceeded", "The maximum number of addresses has been reached.");
      const id = account.hex(17);
      const digits = Number.parseInt(id.slice(-6), 16);
      const address: Address = {
        id: `eipalloc-${id}`,
        publicIp: `54.${digits & 255}.${(digits >> 8) & 255}.${(digits >> 16) & 255}`,
        association: undefined,
        tags,
      };
      ec2.addresses.set(address.id, address);
      return {
        AllocationId: address.id,
        PublicIp: address.publicIp,
        Domain: "vpc",
        PublicIpv4Pool: "amazon",
        NetworkBorderGroup: account.region,
      };
    },

    async describeAddresses(input) {
      const known = byIds(ec2.addresses, input.AllocationIds, addressNotFound).filter(
        ({ publicIp }) => input.PublicIps?.includes(publicIp) ?? true,
      );
      const found = applyFilters(
        known,
        input.Filters,
        {
          "allocation-id": ({ id }) => [id],
          "association-id": ({ association }) => [association?.id],
          domain: () => ["vpc"],
          "network-interface-id": ({ association }) => [association?.networkInterfaceId],
          "private-ip-address": ({ association }) => [association?.privateIp],
          "public-ip": ({ publicIp }) => [publicIp],
        },
        ({ tags }) => tags,
      );
      return { Addresses: found.map((each) => describe(account, each)) };
    },

    async releaseAddress(input) {
      requireEc2(input, ["AllocationId"]);
      const address = ec2.addresses.get(input.AllocationId ?? "");
      if (address === undefined) throw addressNotFound(input.AllocationId ?? "");
      if (address.association !== undefined)
        // As EC2 words it while a NAT gateway has the address, and for some seconds longer (eformat/sno-for-100#9).
        throw new ServiceError("AuthFailure", "You do not have permission to access the specified resource.");
      ec2.addresses.delete(address.id);
      return {};
    },
  };
}

const addressNotFound = (id: string): ServiceError =>
  new ServiceError("InvalidAllocationID.NotFound", `The allocation ID '${id}' does not exist`);

const describe = (account: Account, { id, publicIp, association, tags }: Address): Ec2.Address => ({
  AllocationId: id,
  PublicIp: publicIp,
  Domain: "vpc",
  PublicIpv4Pool: "amazon",
  NetworkBorderGroup: account.region,
  ...(association && {
    AssociationId: association.id,
    NetworkInterfaceId: association.networkInterfaceId,
    NetworkInterfaceOwnerId: account.accountId,
    PrivateIpAddress: association.privateIp,
  }),
  Tags: tagList(tags),
});
