import type { _InstanceType, Instance as InstanceDescription } from "@aws-sdk/client-ec2";
import type { Ec2Api } from "../../../aws/api.js";
import type { Account } from "../../core/account.js";
import { ServiceError } from "../../core/service-error.js";
import { tagList } from "../../core/tags.js";
import { applyFilters } from "./filters.js";
import { instanceTypesTable } from "./instance-types-table.js";
import { byIds, ec2Page } from "./request.js";
import type { Instance } from "./state.js";

export const stateCodes = {
  ...{ pending: 0, running: 16, "shutting-down": 32, terminated: 48 },
  ...{ stopping: 64, stopped: 80 },
} as const;

export function instances(account: Account): Pick<Ec2Api, "describeInstances"> {
  return {
    async describeInstances(input) {
      if (input.MaxResults !== undefined && input.InstanceIds !== undefined && input.InstanceIds.length > 0) {
        throw new ServiceError(
          "InvalidParameterCombination",
          "The parameter instancesSet cannot be used with the parameter maxResults",
        );
      }
      const known = byIds(
        account.ec2.instances,
        input.InstanceIds,
        (id) => new ServiceError("InvalidInstanceID.NotFound", `The instance ID '${id}' does not exist`),
      );
      const found = applyFilters(
        known,
        input.Filters,
        {
          "instance-id": (instance) => [instance.id],
          "instance-type": (instance) => [instance.instanceType],
          "image-id": (instance) => [instance.imageId],
          "instance-state-name": (instance) => [instance.state],
          "instance-state-code": (instance) => [String(stateCodes[instance.state])],
          "subnet-id": (instance) => [instance.subnetId],
          "vpc-id": (instance) => [vpcOf(account, instance)],
          "availability-zone": (instance) => [instance.zone],
          "key-name": (instance) => [instance.keyName],
          "private-ip-address": (instance) => [instance.privateIp],
          "instance.group-id": (instance) => instance.groupIds,
          "network-interface.group-id": (instance) => instance.groupIds,
          "iam-instance-profile.arn": (instance) => [profileOf(account, instance)?.arn],
        },
        (instance) => instance.tags,
      );
      const { items, nextToken } = ec2Page(found, input);
      return {
        Reservations: items.map((instance) => ({
          ReservationId: instance.id.replace("i-", "r-"),
          OwnerId: account.accountId,
          Groups: [],
          Instances: [describeInstance(account, instance)],
        })),
        NextToken: nextToken,
      };
    },
  };
}

const vpcOf = (account: Account, instance: Instance): string | undefined =>
  account.ec2.subnets.get(instance.subnetId)?.vpcId;

const profileOf = (account: Account, instance: Instance) =>
  instance.profileName === undefined
    ? undefined
    : account.iam.instanceProfiles.get(instance.profileName.toLowerCase());

export function describeInstance(account: Account, instance: Instance): InstanceDescription {
  const profile = profileOf(account, instance);
  // A terminated instance has no address, subnet or security groups any more.
  const isTerminated = instance.state === "terminated";
  return {
    InstanceId: instance.id,
    InstanceType: instance.instanceType as _InstanceType,
    ImageId: instance.imageId,
    Architecture: instanceTypesTable.get(instance.instanceType)?.architecture,
    State: { Code: stateCodes[instance.state], Name: instance.state },
    ...(instance.state.startsWith("stop") && {
      StateReason: {
        Code: "Client.UserInitiatedShutdown",
        Message: "Client.UserInitiatedShutdown: User initiated shutdown",
      },
    }),
    ...(instance.isSpot ? { InstanceLifecycle: "spot" as const } : {}),
    ...(instance.managedInstancesProvider === undefined
      ? {}
      : { Operator: { Managed: true, Principal: "ecs.amazonaws.com" } }),
    LaunchTime: instance.launchedAt,
    KeyName: instance.keyName,
    Placement: { AvailabilityZone: instance.zone, Tenancy: "default" },
    IamInstanceProfile: profile === undefined ? undefined : { Arn: profile.arn, Id: profile.id },
    ...(isTerminated
      ? { SecurityGroups: [], NetworkInterfaces: [] }
      : {
          PrivateIpAddress: instance.privateIp,
          SubnetId: instance.subnetId,
          VpcId: vpcOf(account, instance),
          SecurityGroups: instance.groupIds.map((id) => ({
            GroupId: id,
            GroupName: account.ec2.securityGroups.get(id)?.name,
          })),
          NetworkInterfaces: [
            { NetworkInterfaceId: instance.networkInterfaceId, PrivateIpAddress: instance.privateIp },
          ],
        }),
    Tags: tagList(instance.tags),
  };
}
