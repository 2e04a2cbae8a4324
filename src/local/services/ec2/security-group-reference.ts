import type { World } from "../../core/account.js";
import { Refusal } from "../../core/service-error.js";
import type { SecurityGroup, Vpc } from "./state.js";
import { visibleSecurityGroup } from "./visible-security-group.js";

/** What a request that names no VPC means. */
export function defaultVpc(world: World): Vpc {
  const vpc = [...world.ec2.vpcs.values()].find((one) => one.isDefault);
  if (vpc === undefined) throw new Refusal("VPCIdNotSpecified", "No default VPC for this user");
  return vpc;
}

/** By name a group is only found in the default VPC. */
export function namedGroup(world: World, name: string): SecurityGroup {
  const vpc = defaultVpc(world);
  const group = [...world.ec2.securityGroups.values()].find(
    (one) => one.vpcId === vpc.id && one.name === name,
  );
  if (group === undefined || visibleSecurityGroup(world, group.id) === undefined) {
    throw new Refusal(
      "InvalidGroup.NotFound",
      `The security group '${name}' does not exist in default VPC '${vpc.id}'`,
    );
  }
  return group;
}

/** The group that a request means, by id or by name. */
export function referredGroup(
  world: World,
  input: { readonly GroupId?: string | undefined; readonly GroupName?: string | undefined },
): SecurityGroup {
  if (input.GroupId === undefined && input.GroupName === undefined) {
    throw new Refusal("MissingParameter", "The request must contain the parameter groupName or groupId");
  }
  if (input.GroupId === undefined) return namedGroup(world, input.GroupName ?? "");
  return identifiedGroup(world, input.GroupId);
}

export function identifiedGroup(world: World, id: string): SecurityGroup {
  if (!/^sg-[0-9a-f]+$/.test(id)) {
    throw new Refusal("InvalidGroupId.Malformed", `Invalid id: "${id}" (expecting "sg-...")`);
  }
  const group = visibleSecurityGroup(world, id);
  if (group === undefined)
    throw new Refusal("InvalidGroup.NotFound", `The security group '${id}' does not exist`);
  return group;
}
