import type { NetworkInterfaceType } from "@aws-sdk/client-ec2";
import type { Ec2Port } from "../../../aws/api.js";
import type { World } from "../../core/account.js";
import { Refusal } from "../../core/service-error.js";
import { applyFilters } from "./filters.js";
import { byIds, ec2Page } from "./request.js";
import type { NetworkInterface } from "./state.js";

const noTags: ReadonlyMap<string, string> = new Map();

export function describeNetworkInterfaces(world: World): Pick<Ec2Port, "describeNetworkInterfaces"> {
  const zoneOf = (card: NetworkInterface) => world.ec2.subnets.get(card.subnetId)?.zone;
  const instanceOf = (card: NetworkInterface) =>
    [...world.ec2.instances.values()].find((instance) => instance.networkInterfaceId === card.id);
  const groupNames = (card: NetworkInterface) =>
    card.groupIds.map((id) => world.ec2.securityGroups.get(id)?.name);

  return {
    async describeNetworkInterfaces(input) {
      const known = byIds(
        world.ec2.networkInterfaces,
        input.NetworkInterfaceIds,
        (id) =>
          new Refusal("InvalidNetworkInterfaceID.NotFound", `The networkInterface ID '${id}' does not exist`),
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
          "requester-managed": (card) => [String(card.requester !== world.accountId)],
          "attachment.instance-id": (card) => [instanceOf(card)?.id],
          "attachment.instance-owner-id": (card) => [card.requester],
          "private-ip-address": (card) => [card.privateIp],
          "addresses.private-ip-address": (card) => [card.privateIp],
          "interface-type": () => ["interface"],
          status: () => ["in-use"],
          "owner-id": () => [world.accountId],
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
          RequesterManaged: card.requester !== world.accountId,
          OwnerId: world.accountId,
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
            GroupName: world.ec2.securityGroups.get(id)?.name,
          })),
          TagSet: [],
        })),
        NextToken: nextToken,
      };
    },
  };
}
