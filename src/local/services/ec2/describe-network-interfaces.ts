import type { NetworkInterfaceType } from "@aws-sdk/client-ec2";
import type { Ec2Port } from "../../../aws/api.js";
import type { Account } from "../../core/account.js";
import { ServiceError } from "../../core/service-error.js";
import { applyFilters } from "./filters.js";
import { byIds, ec2Page } from "./request.js";
import type { NetworkInterface } from "./state.js";

const noTags: ReadonlyMap<string, string> = new Map();

export function describeNetworkInterfaces(account: Account): Pick<Ec2Port, "describeNetworkInterfaces"> {
  const zoneOf = (card: NetworkInterface) => account.ec2.subnets.get(card.subnetId)?.zone;
  const instanceOf = (card: NetworkInterface) =>
    [...account.ec2.instances.values()].find((instance) => instance.networkInterfaceId === card.id);
  const groupNames = (card: NetworkInterface) =>
    card.groupIds.map((id) => account.ec2.securityGroups.get(id)?.name);

  return {
    async describeNetworkInterfaces(input) {
      const known = byIds(
        account.ec2.networkInterfaces,
        input.NetworkInterfaceIds,
        (id) =>
          new ServiceError(
            "InvalidNetworkInterfaceID.NotFound",
            `The networkInterface ID '${id}' does not exist`,
          ),
      );
      const found = applyFilters(
        known,
        input.Filters,
        {
          "network-interface-id": (card) => [card.id],
          "group-id": (card) => card.groupIds,
          "group-name": groupNames,
          "subnet-id": (card) => [card.subnetId],
          "vpc-id": (card) => [card.vpcId],
          "availability-zone": (card) => [zoneOf(card)],
          description: (card) => [card.description],
          "requester-id": (card) => [card.requester],
          "requester-managed": (card) => [String(card.requester !== account.accountId)],
          "attachment.instance-id": (card) => [instanceOf(card)?.id],
          "attachment.instance-owner-id": (card) => [card.requester],
          "private-ip-address": (card) => [card.privateIp],
          "addresses.private-ip-address": (card) => [card.privateIp],
          "interface-type": () => ["interface"],
          status: () => ["in-use"],
          "owner-id": () => [account.accountId],
        },
        () => noTags,
      );
      const { items, nextToken } = ec2Page(found, input);
      return {
        NetworkInterfaces: items.map((card) => ({
          NetworkInterfaceId: card.id,
          Description: card.description,
          SubnetId: card.subnetId,
          VpcId: card.vpcId,
          AvailabilityZone: zoneOf(card),
          PrivateIpAddress: card.privateIp,
          RequesterId: card.requester,
          RequesterManaged: card.requester !== account.accountId,
          OwnerId: account.accountId,
          InterfaceType: "interface" satisfies NetworkInterfaceType,
          Status: "in-use",
          Attachment: {
            AttachmentId: card.id.replace("eni-", "eni-attach-"),
            InstanceId: instanceOf(card)?.id,
            InstanceOwnerId: card.requester,
            Status: "attached",
          },
          Groups: card.groupIds.map((id) => ({
            GroupId: id,
            GroupName: account.ec2.securityGroups.get(id)?.name,
          })),
          TagSet: [],
        })),
        NextToken: nextToken,
      };
    },
  };
}
