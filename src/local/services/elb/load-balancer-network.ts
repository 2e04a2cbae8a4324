import type { World } from "../../core/account.js";
import { Refusal } from "../../core/service-error.js";
import { attachNetworkInterface } from "../ec2/network-interfaces.js";
import { visibleSecurityGroup } from "../ec2/visible-security-group.js";
import { pathOf } from "./arn.js";
import { validationError } from "./refusals.js";
import type { LoadBalancer } from "./state.js";

/** Checks the subnets of an application load balancer; returns their VPC. */
export function readSubnets(world: World, ids: readonly string[]): string {
  const subnets = ids.map((id) => {
    const subnet = world.ec2.subnets.get(id);
    if (subnet === undefined) throw new Refusal("SubnetNotFound", `The subnet ID '${id}' does not exist`);
    return subnet;
  });
  const zones = new Set(subnets.map(({ zone }) => zone));
  if (zones.size < 2) {
    throw validationError("At least two subnets in two different Availability Zones must be specified");
  }
  if (zones.size < subnets.length) {
    throw new Refusal(
      "InvalidConfigurationRequest",
      "A load balancer cannot be attached to multiple subnets in the same Availability Zone",
    );
  }
  const vpcs = new Set(subnets.map(({ vpcId }) => vpcId));
  if (vpcs.size > 1)
    throw new Refusal("InvalidConfigurationRequest", "All subnets must belong to the same VPC");
  for (const { id, cidr } of subnets) {
    if (Number(cidr.split("/")[1]) > 27) {
      throw new Refusal(
        "InvalidSubnet",
        `Not enough IP space available in ${id}. ELB requires at least 8 free IP addresses in each subnet.`,
      );
    }
  }
  return subnets[0]?.vpcId ?? "";
}

/** The groups given, or, when none is, the VPC's default group. */
export function readSecurityGroups(
  world: World,
  vpcId: string,
  ids: readonly string[] | undefined,
): string[] {
  if (ids === undefined || ids.length === 0) {
    const groups = [...world.ec2.securityGroups.values()];
    return groups.filter((group) => group.vpcId === vpcId && group.name === "default").map(({ id }) => id);
  }
  for (const id of ids) {
    const group = visibleSecurityGroup(world, id);
    if (group === undefined)
      throw new Refusal("InvalidSecurityGroup", `One or more security groups are invalid: '${id}'`);
    if (group.vpcId !== vpcId) {
      throw new Refusal(
        "InvalidConfigurationRequest",
        `One or more security groups are invalid: '${id}' is not in VPC '${vpcId}'`,
      );
    }
  }
  if (ids.length > 5)
    throw new Refusal("InvalidConfigurationRequest", "At most five security groups can be specified");
  return [...ids];
}

/** One network interface in each subnet: they hold the security groups, and outlive the load balancer for a while. */
export const attachTo = (world: World, loadBalancer: LoadBalancer, subnetIds: readonly string[]): string[] =>
  subnetIds.map((subnetId) => {
    const description = `ELB ${pathOf(loadBalancer.arn)}`;
    const groupIds = loadBalancer.securityGroupIds;
    return attachNetworkInterface(world, { description, subnetId, groupIds, requester: "amazon-elb" }).id;
  });
