import type * as Ec2 from "@aws-sdk/client-ec2";
import type { Account } from "../../core/account.js";
import type { Answer } from "../../core/answer.js";
import { ServiceError } from "../../core/service-error.js";
import { canonicalCidrIpv4 } from "./cidr.js";
import { addSubnet, addVpc, visibleFrom } from "./default-network.js";
import { invalidValue, requireEc2, specifiedTags } from "./request.js";
import type { Subnet, Vpc } from "./state.js";
import { describeSubnet } from "./subnets.js";
import { describeVpc } from "./vpcs.js";

/** VPCs and subnets of one's own. */
export const networkChanges = (account: Account) => ({
  async createVpc(input: Ec2.CreateVpcCommandInput): Answer<Ec2.CreateVpcCommandOutput> {
    requireEc2(input, ["CidrBlock"]);
    const cidr = readCidr(input.CidrBlock, "vpc");
    const tags = specifiedTags(input.TagSpecifications, "vpc");
    // Source: Amazon VPC User Guide, "Amazon VPC quotas".
    if (account.ec2.vpcs.size >= 5)
      throw new ServiceError("VpcLimitExceeded", "The maximum number of VPCs has been reached.");
    return { Vpc: describeVpc(account, addVpc(account, { cidr, tags })) };
  },

  async deleteVpc(input: Ec2.DeleteVpcCommandInput): Answer<Ec2.DeleteVpcCommandOutput> {
    const { id } = findVpc(account, input.VpcId);
    const { ec2 } = account;
    const groups = [...ec2.securityGroups.values()].filter(({ vpcId }) => vpcId === id);
    const tables = [...ec2.routeTables.values()].filter(({ vpcId }) => vpcId === id);
    const isUsed =
      [...ec2.subnets.values()].some(({ vpcId }) => vpcId === id) ||
      [...ec2.internetGateways.values()].some(({ vpcId }) => vpcId === id) ||
      [...ec2.vpcEndpoints.values()].some(({ vpcId }) => vpcId === id) ||
      groups.some(({ name }) => name !== "default") ||
      tables.some(({ isMain }) => !isMain);
    if (isUsed) throw dependencyViolation(`The vpc '${id}' has dependencies and cannot be deleted.`);
    ec2.vpcs.delete(id);
    for (const group of groups) ec2.securityGroups.delete(group.id);
    for (const table of tables) ec2.routeTables.delete(table.id);
    return {};
  },

  async describeVpcAttribute(
    input: Ec2.DescribeVpcAttributeCommandInput,
  ): Answer<Ec2.DescribeVpcAttributeCommandOutput> {
    const { id, isDefault, dnsHostnames = isDefault, dnsSupport = true } = findVpc(account, input.VpcId);
    return {
      VpcId: id,
      ...(input.Attribute === "enableDnsHostnames" && { EnableDnsHostnames: { Value: dnsHostnames } }),
      ...(input.Attribute === "enableDnsSupport" && { EnableDnsSupport: { Value: dnsSupport } }),
    };
  },

  async modifyVpcAttribute(
    input: Ec2.ModifyVpcAttributeCommandInput,
  ): Answer<Ec2.ModifyVpcAttributeCommandOutput> {
    const vpc = findVpc(account, input.VpcId);
    const { EnableDnsHostnames, EnableDnsSupport } = input;
    if (EnableDnsHostnames !== undefined && EnableDnsSupport !== undefined)
      throw new ServiceError(
        "InvalidParameterCombination",
        "Fields for multiple attribute types specified: enableDnsHostnames, enableDnsSupport",
      );
    if (EnableDnsHostnames?.Value === true && vpc.dnsSupport === false)
      throw new ServiceError(
        "InvalidParameterValue",
        `DNS hostnames cannot be enabled for ${vpc.id}, because DNS support is disabled.`,
      );
    vpc.dnsHostnames = EnableDnsHostnames?.Value ?? vpc.dnsHostnames;
    vpc.dnsSupport = EnableDnsSupport?.Value ?? vpc.dnsSupport;
    return {};
  },

  async createSubnet(input: Ec2.CreateSubnetCommandInput): Answer<Ec2.CreateSubnetCommandOutput> {
    requireEc2(input, ["VpcId"]);
    const vpc = findVpc(account, input.VpcId);
    const cidr = readCidr(input.CidrBlock, "subnet");
    const zone = input.AvailabilityZone ?? `${account.region}a`;
    if (!/^[a-f]$/.test(zone.slice(account.region.length)) || !zone.startsWith(account.region))
      throw invalidValue(
        `Value (${zone}) for parameter availabilityZone is invalid. Subnets can currently only be created in the following availability zones: ${["a", "b", "c"].map((letter) => account.region + letter).join(", ")}.`,
      );
    if (!contains(vpc.cidr, cidr))
      throw new ServiceError("InvalidSubnet.Range", `The CIDR '${cidr}' is invalid.`);
    const siblings = [...account.ec2.subnets.values()].filter(({ vpcId }) => vpcId === vpc.id);
    if (siblings.some((other) => contains(other.cidr, cidr) || contains(cidr, other.cidr)))
      throw new ServiceError("InvalidSubnet.Conflict", `The CIDR '${cidr}' conflicts with another subnet`);
    const tags = specifiedTags(input.TagSpecifications, "subnet");
    const letter = zone.slice(account.region.length);
    const subnet = addSubnet(account, {
      vpcId: vpc.id,
      letter,
      cidr,
      tags,
      isDefault: false,
      mapsPublicIp: false,
      visibleAt: visibleFrom(account),
    });
    return { Subnet: describeSubnet(account, subnet) };
  },

  async deleteSubnet(input: Ec2.DeleteSubnetCommandInput): Answer<Ec2.DeleteSubnetCommandOutput> {
    const { id } = findSubnet(account, input.SubnetId);
    if ([...account.ec2.networkInterfaces.values()].some(({ subnetId }) => subnetId === id))
      throw dependencyViolation(`The subnet '${id}' has dependencies and cannot be deleted.`);
    account.ec2.subnets.delete(id);
    for (const table of account.ec2.routeTables.values())
      table.subnetIds = table.subnetIds.filter((each) => each !== id);
    return {};
  },

  async modifySubnetAttribute(
    input: Ec2.ModifySubnetAttributeCommandInput,
  ): Answer<Ec2.ModifySubnetAttributeCommandOutput> {
    const subnet = findSubnet(account, input.SubnetId);
    subnet.mapsPublicIp = input.MapPublicIpOnLaunch?.Value ?? subnet.mapsPublicIp;
    return {};
  },
});

export function findVpc(account: Account, id: string | undefined): Vpc {
  const found = account.ec2.vpcs.get(id ?? "");
  if (found !== undefined && isVisible(account, found)) return found;
  throw new ServiceError("InvalidVpcID.NotFound", `The vpc ID '${id}' does not exist`);
}

export function findSubnet(account: Account, id: string | undefined): Subnet {
  const found = account.ec2.subnets.get(id ?? "");
  if (found !== undefined && isVisible(account, found)) return found;
  throw new ServiceError("InvalidSubnetID.NotFound", `The subnet ID '${id}' does not exist`);
}

/** EC2 is eventually consistent: what was just created is not found by other operations. */
export const isVisible = (
  { clock }: Account,
  { visibleAt = 0 }: { readonly visibleAt?: number | undefined },
): boolean => clock.now() >= visibleAt;

export const dependencyViolation = (message: string): ServiceError =>
  new ServiceError("DependencyViolation", message);

/** This host, loopback, link-local and multicast. Source: Amazon VPC User Guide, "VPC CIDR blocks". */
const RESERVED = /^(?:0|127|169\.254|22[4-9]|23\d)\./;

/** Source: EC2 API reference: a block is between /16 and /28. */
function readCidr(given: string | undefined, what: "vpc" | "subnet"): string {
  const cidr = canonicalCidrIpv4(given ?? "");
  if (cidr === undefined)
    throw invalidValue(
      `Value (${given}) for parameter cidrBlock is invalid. This is not a valid CIDR block.`,
    );
  const prefix = Number(cidr.split("/")[1]);
  if (prefix >= 16 && prefix <= 28 && !(what === "vpc" && RESERVED.test(cidr))) return cidr;
  throw new ServiceError(
    `Invalid${what === "vpc" ? "Vpc" : "Subnet"}.Range`,
    `The CIDR '${given}' is invalid.`,
  );
}

const range = (cidr: string): readonly [first: number, size: number] => {
  const [address = "", prefix] = cidr.split("/");
  return [address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0), 2 ** (32 - Number(prefix))];
};

function contains(outer: string, inner: string): boolean {
  const [[first, size], [innerFirst, innerSize]] = [range(outer), range(inner)];
  return innerFirst >= first && innerFirst + innerSize <= first + size;
}
