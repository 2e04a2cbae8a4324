import type { Subnet as Description } from "@aws-sdk/client-ec2";
import type { Ec2Api } from "../../../aws/api.js";
import type { Account } from "../../core/account.js";
import { arnOf } from "../../core/arn.js";
import { ServiceError } from "../../core/service-error.js";
import { tagList } from "../../core/tags.js";
import { applyFilters } from "./filters.js";
import { byIds, ec2Page } from "./request.js";
import type { Subnet } from "./state.js";
import { stateOf } from "./vpcs.js";

export function subnets(account: Account): Pick<Ec2Api, "describeSubnets"> {
  return {
    async describeSubnets(input) {
      const known = byIds(
        account.ec2.subnets,
        input.SubnetIds,
        (id) => new ServiceError("InvalidSubnetID.NotFound", `The subnet ID '${id}' does not exist`),
      );
      const found = applyFilters(
        known,
        input.Filters,
        {
          "subnet-id": (subnet) => [subnet.id],
          "vpc-id": (subnet) => [subnet.vpcId],
          "availability-zone": (subnet) => [subnet.zone],
          availabilityZone: (subnet) => [subnet.zone],
          "availability-zone-id": (subnet) => [subnet.zoneId],
          availabilityZoneId: (subnet) => [subnet.zoneId],
          "cidr-block": (subnet) => [subnet.cidr],
          "default-for-az": (subnet) => [String(subnet.defaultForAz)],
          defaultForAz: (subnet) => [String(subnet.defaultForAz)],
          "map-public-ip-on-launch": (subnet) => [String(subnet.mapsPublicIp)],
          state: (subnet) => [stateOf(account, subnet)],
          "owner-id": () => [account.accountId],
        },
        (subnet) => subnet.tags,
      );
      const { items, nextToken } = ec2Page(found, input);
      return {
        Subnets: items.map((subnet) => describeSubnet(account, subnet)),
        NextToken: nextToken,
      };
    },
  };
}

export const describeSubnet = (account: Account, subnet: Subnet): Description => ({
  SubnetId: subnet.id,
  SubnetArn: arnOf(account, "ec2", `subnet/${subnet.id}`),
  VpcId: subnet.vpcId,
  AvailabilityZone: subnet.zone,
  AvailabilityZoneId: subnet.zoneId,
  CidrBlock: subnet.cidr,
  AvailableIpAddressCount: freeAddresses(account, subnet),
  DefaultForAz: subnet.defaultForAz,
  MapPublicIpOnLaunch: subnet.mapsPublicIp,
  State: stateOf(account, subnet),
  OwnerId: account.accountId,
  Tags: tagList(subnet.tags),
});

function freeAddresses(account: Account, subnet: Subnet): number {
  const prefix = Number(subnet.cidr.split("/")[1]);
  const used = [...account.ec2.networkInterfaces.values()].filter(
    (networkInterface) => networkInterface.subnetId === subnet.id,
  ).length;
  return 2 ** (32 - prefix) - 5 - used;
}
