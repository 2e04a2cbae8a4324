import type { IpPermission } from "@aws-sdk/client-ec2";
import type { Ec2Api } from "../../../aws/api.js";
import type { Account } from "../../core/account.js";
import { arnOf } from "../../core/arn.js";
import { untilConsistent } from "../../core/consistency.js";
import { ServiceError } from "../../core/service-error.js";
import { tagList } from "../../core/tags.js";
import { applyFilters } from "./filters.js";
import { ec2Page, invalidValue, requireEc2, specifiedTags } from "./request.js";
import { defaultVpc, identifiedGroup, namedGroup, referredGroup } from "./security-group-reference.js";
import type { SecurityGroup, SecurityGroupRule } from "./state.js";
import { visibleSecurityGroup } from "./visible-security-group.js";

type Operations = "createSecurityGroup" | "describeSecurityGroups" | "deleteSecurityGroup";

export function securityGroups(account: Account): Pick<Ec2Api, Operations> {
  return {
    async createSecurityGroup(input) {
      requireEc2(input, ["GroupName", "Description"]);
      const { GroupName: name = "", Description: description = "" } = input;
      checkName(name);
      checkText(description, "GroupDescription");
      const vpcId = input.VpcId ?? defaultVpc(account).id;
      if (!account.ec2.vpcs.has(vpcId)) {
        throw new ServiceError("InvalidVpcID.NotFound", `The vpc ID '${vpcId}' does not exist`);
      }
      const tags = specifiedTags(input.TagSpecifications, "security-group");
      const taken = [...account.ec2.securityGroups.values()].some(
        (group) => group.vpcId === vpcId && group.name.toLowerCase() === name.toLowerCase(),
      );
      if (taken) {
        throw new ServiceError(
          "InvalidGroup.Duplicate",
          `The security group '${name}' already exists for VPC '${vpcId}'`,
        );
      }
      const egress = allowAllEgress(account);
      const group: SecurityGroup = {
        id: `sg-${account.hex(17)}`,
        name,
        description,
        vpcId,
        rules: new Map([[egress.id, egress]]),
        tags,
        visibleAt: account.clock.now() + untilConsistent(account, "securityGroupVisible"),
      };
      account.ec2.securityGroups.set(group.id, group);
      return { GroupId: group.id, Tags: tagList(tags), SecurityGroupArn: groupArn(account, group) };
    },

    async describeSecurityGroups(input) {
      let groups = [...account.ec2.securityGroups.values()].filter((one) =>
        visibleSecurityGroup(account, one.id),
      );
      if (input.GroupIds?.length || input.GroupNames?.length) {
        groups = [
          ...(input.GroupIds ?? []).map((id) => identifiedGroup(account, id)),
          ...(input.GroupNames ?? []).map((name) => namedGroup(account, name)),
        ];
      }
      const found = applyFilters(groups, input.Filters, filters(account), (group) => group.tags);
      const { items, nextToken } = ec2Page(found, input);
      return {
        SecurityGroups: items.map((group) => ({
          GroupId: group.id,
          GroupName: group.name,
          Description: group.description,
          VpcId: group.vpcId,
          OwnerId: account.accountId,
          SecurityGroupArn: groupArn(account, group),
          IpPermissions: permissions(account, group, false),
          IpPermissionsEgress: permissions(account, group, true),
          Tags: tagList(group.tags),
        })),
        NextToken: nextToken,
      };
    },

    async deleteSecurityGroup(input) {
      const group = referredGroup(account, input);
      if (group.name === "default") {
        throw new ServiceError(
          "CannotDelete",
          `the specified group: "${group.id}" name: "default" cannot be deleted by a user`,
        );
      }
      const used = [...account.ec2.networkInterfaces.values()].some((networkInterface) =>
        networkInterface.groupIds.includes(group.id),
      );
      if (used || isReferredTo(account, group)) {
        throw new ServiceError("DependencyViolation", `resource ${group.id} has a dependent object`);
      }
      account.ec2.securityGroups.delete(group.id);
      return { Return: true, GroupId: group.id };
    },
  };
}

const isReferredTo = (account: Account, group: SecurityGroup): boolean =>
  [...account.ec2.securityGroups.values()].some(
    (other) => other !== group && [...other.rules.values()].some((rule) => rule.sourceGroupId === group.id),
  );

const filters = (account: Account) => ({
  "group-id": (group: SecurityGroup) => [group.id],
  "group-name": (group: SecurityGroup) => [group.name],
  "vpc-id": (group: SecurityGroup) => [group.vpcId],
  description: (group: SecurityGroup) => [group.description],
  "owner-id": () => [account.accountId],
  "ip-permission.group-id": (group: SecurityGroup) => ingress(group).map((rule) => rule.sourceGroupId),
  "ip-permission.cidr": (group: SecurityGroup) => ingress(group).map((rule) => rule.cidrIpv4),
  "ip-permission.from-port": (group: SecurityGroup) => ingress(group).map((rule) => String(rule.fromPort)),
  "ip-permission.to-port": (group: SecurityGroup) => ingress(group).map((rule) => String(rule.toPort)),
  "ip-permission.protocol": (group: SecurityGroup) => ingress(group).map((rule) => rule.protocol),
});

const ingress = (group: SecurityGroup): SecurityGroupRule[] =>
  [...group.rules.values()].filter((rule) => !rule.isEgress);

const groupArn = (account: Account, group: SecurityGroup): string =>
  arnOf(account, "ec2", `security-group/${group.id}`);

function allowAllEgress(account: Account): SecurityGroupRule {
  const id = `sgr-${account.hex(17)}`;
  return {
    id,
    isEgress: true,
    protocol: "-1",
    fromPort: -1,
    toPort: -1,
    cidrIpv4: "0.0.0.0/0",
    tags: new Map(),
  };
}

type Peers = Pick<IpPermission, "IpRanges" | "Ipv6Ranges" | "UserIdGroupPairs" | "PrefixListIds">;
type Permission = IpPermission & { readonly [K in keyof Peers]-?: NonNullable<Peers[K]> };

/** The rules in the older form: one permission for each protocol and port range, with all its peers. */
function permissions(account: Account, group: SecurityGroup, egress: boolean): IpPermission[] {
  const grouped = new Map<string, Permission>();
  for (const rule of group.rules.values()) {
    if (rule.isEgress !== egress) continue;
    const key = `${rule.protocol}|${rule.fromPort}|${rule.toPort}`;
    const ports = rule.protocol === "-1" ? {} : { FromPort: rule.fromPort, ToPort: rule.toPort };
    const empty = { IpRanges: [], Ipv6Ranges: [], UserIdGroupPairs: [], PrefixListIds: [] };
    const permission = grouped.get(key) ?? { IpProtocol: rule.protocol, ...ports, ...empty };
    grouped.set(key, permission);
    const description = rule.description === undefined ? {} : { Description: rule.description };
    if (rule.cidrIpv4 !== undefined) permission.IpRanges.push({ CidrIp: rule.cidrIpv4, ...description });
    if (rule.cidrIpv6 !== undefined) permission.Ipv6Ranges.push({ CidrIpv6: rule.cidrIpv6, ...description });
    if (rule.sourceGroupId !== undefined) {
      permission.UserIdGroupPairs.push({
        GroupId: rule.sourceGroupId,
        UserId: account.accountId,
        ...description,
      });
    }
  }
  return [...grouped.values()];
}

function checkName(name: string): void {
  checkText(name, "GroupName");
  if (name.toLowerCase().startsWith("sg-")) {
    throw invalidValue(
      "Value (" + name + ") for parameter GroupName is invalid. Group names may not be in the format sg-*",
    );
  }
  if (name.toLowerCase() === "default")
    throw invalidValue("Cannot use reserved security group name: default");
}

function checkText(text: string, parameter: string): void {
  if (text.length > 255 || !/^[a-zA-Z0-9 ._\-:/()#,@[\]+=&;{}!$*]+$/.test(text)) {
    throw invalidValue(
      `Value (${text}) for parameter ${parameter} is invalid. Character sets beyond ASCII are not supported.`,
    );
  }
}
