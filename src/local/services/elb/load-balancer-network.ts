import type { Account } from "../../core/account.js";
import { ServiceError } from "../../core/service-error.js";
import { attachNetworkInterface } from "../ec2/network-interfaces.js";
import { visibleSecurityGroup } from "../ec2/visible-security-group.js";
import { pathOf } from "./arn.js";
import { validationError } from "./service-errors.js";
import type { LoadBalancer } from "./state.js";

/** Validates the subnets of a load balancer; returns their VPC. A network load balancer can be in one zone. */
export function readSubnets(account: Account, ids: readonly string[], type: LoadBalancer["type"]): string {
  const subnets = ids.map((id) => {
    const subnet = account.ec2.subnets.get(id);
    if (subnet === undefined)
      throw new ServiceError("SubnetNotFound", `The subnet ID '${id}' does not exist`);
    return subnet;
  });
  const zones = new Set(subnets.map(({ zone }) => zone));
  if (type === "network" && zones.size < 1) throw validationError("At least one subnet must be specified");
  if (type === "application" && zones.size < 2) {
    throw validationError("At least two subnets in two different Availability Zones must be specified");
  }
  if (zones.size < subnets.length) {
    throw new ServiceError(
      "InvalidConfigurationRequest",
      "A load balancer cannot be attached to multiple subnets in the same Availability Zone",
    );
  }
  const vpcs = new Set(subnets.map(({ vpcId }) => vpcId));
  if (vpcs.size > 1)
    throw new ServiceError("InvalidConfigurationRequest", "All subnets must belong to the same VPC");
  for (const { id, cidr } of subnets) {
    if (Number(cidr.split("/")[1]) > 27) {
      throw new ServiceError(
        "InvalidSubnet",
        `Not enough IP space available in ${id}. ELB requires at least 8 free IP addresses in each subnet.`,
      );
    }
  }
  return subnets[0]?.vpcId ?? "";
}

/** The given groups, or the VPC's default group if none is given. */
export function readSecurityGroups(
  account: Account,
  vpcId: string,
  ids: readonly string[] | undefined,
): string[] {
  if (ids === undefined || ids.length === 0) {
    const groups = [...account.ec2.securityGroups.values()];
    return groups.filter((group) => group.vpcId === vpcId && group.name === "default").map(({ id }) => id);
  }
  for (const id of ids) {
    const group = visibleSecurityGroup(account, id);
    if (group === undefined)
      throw new ServiceError("InvalidSecurityGroup", `One or more security groups are invalid: '${id}'`);
    if (group.vpcId !== vpcId) {
      throw new ServiceError(
        "InvalidConfigurationRequest",
        `One or more security groups are invalid: '${id}' is not in VPC '${vpcId}'`,
      );
    }
  }
  if (ids.length > 5)
    throw new ServiceError("InvalidConfigurationRequest", "At most five security groups can be specified");
  return [...ids];
}

/**
 * Attaches one network interface in each subnet. They use the security groups, and outlive the load balancer
 * for a while.
 */
export const attachTo = (
  account: Account,
  loadBalancer: LoadBalancer,
  subnetIds: readonly string[],
): string[] =>
  subnetIds.map((subnetId) => {
    const description = `ELB ${pathOf(loadBalancer.arn)}`;
    const groupIds = loadBalancer.securityGroupIds;
    return attachNetworkInterface(account, { description, subnetId, groupIds, requester: "amazon-elb" }).id;
  });
