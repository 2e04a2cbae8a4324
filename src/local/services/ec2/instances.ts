import type { _InstanceType, Instance as InstanceDescription } from "@aws-sdk/client-ec2";
import type { Ec2Port } from "../../../aws/api.js";
import type { World } from "../../core/account.js";
import { Refusal } from "../../core/service-error.js";
import { tagList } from "../../core/tags.js";
import { applyFilters } from "./filters.js";
import { instanceTypesTable } from "./instance-types-table.js";
import { byIds, ec2Page } from "./request.js";
import type { Instance } from "./state.js";

const stateCodes = { pending: 0, running: 16, "shutting-down": 32, terminated: 48 } as const;

export function instances(world: World): Pick<Ec2Port, "describeInstances"> {
  return {
    async describeInstances(input) {
      if (input.MaxResults !== undefined && input.InstanceIds !== undefined && input.InstanceIds.length > 0) {
        throw new Refusal(
          "InvalidParameterCombination",
          "The parameter instancesSet cannot be used with the parameter maxResults",
        );
      }
      const known = byIds(
        world.ec2.instances,
        input.InstanceIds,
        (id) => new Refusal("InvalidInstanceID.NotFound", `The instance ID '${id}' does not exist`),
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
          "vpc-id": (instance) => [vpcOf(world, instance)],
          "availability-zone": (instance) => [instance.zone],
          "key-name": (instance) => [instance.keyName],
          "private-ip-address": (instance) => [instance.privateIp],
          "instance.group-id": (instance) => instance.groupIds,
          "network-interface.group-id": (instance) => instance.groupIds,
          "iam-instance-profile.arn": (instance) => [profileOf(world, instance)?.arn],
        },
        (instance) => instance.tags,
      );
      const { items, nextToken } = ec2Page(found, input);
      return {
        Reservations: items.map((instance) => ({
          ReservationId: instance.id.replace("i-", "r-"),
          OwnerId: world.accountId,
          Groups: [],
          Instances: [description(world, instance)],
        })),
        NextToken: nextToken,
      };
    },
  };
}

const vpcOf = (world: World, instance: Instance): string | undefined =>
  world.ec2.subnets.get(instance.subnetId)?.vpcId;

const profileOf = (world: World, instance: Instance) =>
  instance.profileName === undefined
    ? undefined
    : world.iam.instanceProfiles.get(instance.profileName.toLowerCase());

function description(world: World, instance: Instance): InstanceDescription {
  const profile = profileOf(world, instance);
  // A terminated instance has lost its address, its subnet and its groups.
  const gone = instance.state === "terminated";
  return {
    InstanceId: instance.id,
    InstanceType: instance.instanceType as _InstanceType,
    ImageId: instance.imageId,
    Architecture: instanceTypesTable.get(instance.instanceType)?.architecture,
    State: { Code: stateCodes[instance.state], Name: instance.state },
    LaunchTime: instance.launchedAt,
    KeyName: instance.keyName,
    Placement: { AvailabilityZone: instance.zone, Tenancy: "default" },
    IamInstanceProfile: profile === undefined ? undefined : { Arn: profile.arn, Id: profile.id },
    ...(gone
      ? { SecurityGroups: [], NetworkInterfaces: [] }
      : {
          PrivateIpAddress: instance.privateIp,
          SubnetId: instance.subnetId,
          VpcId: vpcOf(world, instance),
          SecurityGroups: instance.groupIds.map((id) => ({
            GroupId: id,
            GroupName: world.ec2.securityGroups.get(id)?.name,
          })),
          NetworkInterfaces: [
            { NetworkInterfaceId: instance.networkInterfaceId, PrivateIpAddress: instance.privateIp },
          ],
        }),
    Tags: tagList(instance.tags),
  };
}
