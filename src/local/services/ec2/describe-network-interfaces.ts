import type { NetworkInterfaceType } from "@aws-sdk/client-ec2";
import type { Ec2Api } from "../../../aws/api.js";
import type { Account } from "../../core/account.js";
import { ServiceError } from "../../core/service-error.js";
import { applyFilters } from "./filters.js";
import { byIds, ec2Page } from "./request.js";
import type { NetworkInterface } from "./state.js";

const noTags: ReadonlyMap<string, string> = new Map();

export function describeNetworkInterfaces(account: Account): Pick<Ec2Api, "describeNetworkInterfaces"> {
  const zoneOf = (networkInterface: NetworkInterface) =>
    account.ec2.subnets.get(networkInterface.subnetId)?.zone;
  const instanceOf = (networkInterface: NetworkInterface) =>
    [...account.ec2.instances.values()].find(
      (instance) => instance.networkInterfaceId === networkInterface.id,
    );
  const groupNames = (networkInterface: NetworkInterface) =>
    networkInterface.groupIds.map((id) => account.ec2.securityGroups.get(id)?.name);

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
          "network-interface-id": (networkInterface) => [networkInterface.id],
          "group-id": (networkInterface) => networkInterface.groupIds,
          "group-name": groupNames,
          "subnet-id": (networkInterface) => [networkInterface.subnetId],
          "vpc-id": (networkInterface) => [networkInterface.vpcId],
          "availability-zone": (networkInterface) => [zoneOf(networkInterface)],
          description: (networkInterface) => [networkInterface.description],
          "requester-id": (networkInterface) => [networkInterface.requester],
          "requester-managed": (networkInterface) => [
            String(networkInterface.requester !== account.accountId),
          ],
          "attachment.instance-id": (networkInterface) => [instanceOf(networkInterface)?.id],
          "attachment.instance-owner-id": (networkInterface) => [networkInterface.requester],
          "private-ip-address": (networkInterface) => [networkInterface.privateIp],
          "addresses.private-ip-address": (networkInterface) => [networkInterface.privateIp],
          "interface-type": ({ type = "interface" }) => [type],
          status: () => ["in-use"],
          "owner-id": () => [account.accountId],
        },
        () => noTags,
      );
      const { items, nextToken } = ec2Page(found, input);
      return {
        NetworkInterfaces: items.map((networkInterface) => ({
          NetworkInterfaceId: networkInterface.id,
          Description: networkInterface.description,
          SubnetId: networkInterface.subnetId,
          VpcId: networkInterface.vpcId,
          AvailabilityZone: zoneOf(networkInterface),
          PrivateIpAddress: networkInterface.privateIp,
          RequesterId: networkInterface.requester,
          RequesterManaged: networkInterface.requester !== account.accountId,
          OwnerId: account.accountId,
          // As EC2 writes it; its API model says "natGateway".
          InterfaceType: (networkInterface.type ?? "interface") as NetworkInterfaceType,
          Status: "in-use",
          Attachment: {
            AttachmentId: networkInterface.id.replace("eni-", "eni-attach-"),
            InstanceId: instanceOf(networkInterface)?.id,
            InstanceOwnerId: networkInterface.requester,
            Status: "attached",
          },
          Groups: networkInterface.groupIds.map((id) => ({
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
