import type { Account } from "../../core/account.js";
import { ServiceError } from "../../core/service-error.js";
import type { SecurityGroup, Vpc } from "./state.js";
import { visibleSecurityGroup } from "./visible-security-group.js";

/** The VPC of a request that names none. */
export function defaultVpc(account: Account): Vpc {
  const vpc = [...account.ec2.vpcs.values()].find((one) => one.isDefault);
  if (vpc === undefined) throw new ServiceError("VPCIdNotSpecified", "No default VPC for this user");
  return vpc;
}

/** A group can be referred to by name only in the default VPC. */
export function namedGroup(account: Account, name: string): SecurityGroup {
  const vpc = defaultVpc(account);
  const group = [...account.ec2.securityGroups.values()].find(
    (one) => one.vpcId === vpc.id && one.name === name,
  );
  if (group === undefined || visibleSecurityGroup(account, group.id) === undefined) {
    throw new ServiceError(
      "InvalidGroup.NotFound",
      `The security group '${name}' does not exist in default VPC '${vpc.id}'`,
    );
  }
  return group;
}

/** The group that a request refers to, by id or by name. */
export function referredGroup(
  account: Account,
  input: { readonly GroupId?: string | undefined; readonly GroupName?: string | undefined },
): SecurityGroup {
  if (input.GroupId === undefined && input.GroupName === undefined) {
    throw new ServiceError("MissingParameter", "The request must contain the parameter groupName or groupId");
  }
  if (input.GroupId === undefined) return namedGroup(account, input.GroupName ?? "");
  return identifiedGroup(account, input.GroupId);
}

export function identifiedGroup(account: Account, id: string): SecurityGroup {
  if (!/^sg-[0-9a-f]+$/.test(id)) {
    throw new ServiceError("InvalidGroupId.Malformed", `Invalid id: "${id}" (expecting "sg-...")`);
  }
  const group = visibleSecurityGroup(account, id);
  if (group === undefined)
    throw new ServiceError("InvalidGroup.NotFound", `The security group '${id}' does not exist`);
  return group;
}
