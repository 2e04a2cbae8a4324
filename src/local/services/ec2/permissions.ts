import type { IpPermission } from "@aws-sdk/client-ec2";
import type { Account } from "../../core/account.js";
import { ServiceError } from "../../core/service-error.js";
import { canonicalCidrIpv4, canonicalCidrIpv6 } from "./cidr.js";
import { invalidValue } from "./request.js";
import { namedGroup } from "./security-group-reference.js";
import type { SecurityGroupRule } from "./state.js";
import { visibleSecurityGroup } from "./visible-security-group.js";

/** A rule that a request asks for: one peer each, in EC2's canonical form. */
export type WantedRule = Omit<SecurityGroupRule, "id" | "tags" | "isEgress">;

/** The rules of a request's permissions, one for each peer. */
export function wantedRules(
  account: Account,
  vpcId: string,
  permissions: readonly IpPermission[],
): WantedRule[] {
  const rules = permissions.flatMap((permission) => rulesOf(account, vpcId, permission));
  const keys = rules.map(ruleKey);
  if (new Set(keys).size < keys.length) {
    throw invalidValue("The same permission must not appear multiple times");
  }
  return rules;
}

/** Two rules with the same key are the same rule to EC2, whatever their description. */
export const ruleKey = (rule: WantedRule): string =>
  [rule.protocol, rule.fromPort, rule.toPort, rule.cidrIpv4, rule.cidrIpv6, rule.sourceGroupId].join("|");

/** A rule as EC2 describes it in its messages. */
export function describeRule(rule: WantedRule): string {
  const peer = rule.cidrIpv4 ?? rule.cidrIpv6 ?? rule.sourceGroupId;
  const ports =
    rule.protocol === "-1"
      ? "ALL"
      : `${rule.protocol.toUpperCase()}, from port: ${rule.fromPort}, to port: ${rule.toPort}`;
  return `peer: ${peer}, ${ports}, ALLOW`;
}

function rulesOf(account: Account, vpcId: string, permission: IpPermission): WantedRule[] {
  const base = protocolAndPorts(permission);
  const rules: WantedRule[] = [];
  for (const { CidrIp, Description } of permission.IpRanges ?? []) {
    const cidrIpv4 = canonicalCidrIpv4(CidrIp ?? "");
    if (cidrIpv4 === undefined) throw invalidValue(`CIDR block ${CidrIp} is malformed`);
    rules.push({ ...base, cidrIpv4, ...described(Description) });
  }
  for (const { CidrIpv6, Description } of permission.Ipv6Ranges ?? []) {
    const cidrIpv6 = canonicalCidrIpv6(CidrIpv6 ?? "");
    if (cidrIpv6 === undefined) throw invalidValue(`CIDR block ${CidrIpv6} is malformed`);
    rules.push({ ...base, cidrIpv6, ...described(Description) });
  }
  for (const { GroupId: given, GroupName: name, Description } of permission.UserIdGroupPairs ?? []) {
    const GroupId = given ?? (name === undefined ? "" : namedGroup(account, name).id);
    const group = visibleSecurityGroup(account, GroupId);
    if (group === undefined) {
      throw new ServiceError("InvalidGroup.NotFound", `The security group '${GroupId}' does not exist`);
    }
    if (group.vpcId !== vpcId) {
      throw new ServiceError(
        "InvalidGroup.NotFound",
        `You have specified two resources that belong to different networks.`,
      );
    }
    rules.push({ ...base, sourceGroupId: GroupId, ...described(Description) });
  }
  for (const { PrefixListId } of permission.PrefixListIds ?? []) {
    throw new ServiceError(
      "InvalidPrefixListID.NotFound",
      `The prefix list ID '${PrefixListId}' does not exist`,
    );
  }
  if (rules.length === 0) {
    throw new ServiceError(
      "MissingParameter",
      "The request must contain the parameter cidrIp, group or prefix list",
    );
  }
  return rules;
}

const protocols: Readonly<Record<string, string>> = { "1": "icmp", "6": "tcp", "17": "udp", "58": "icmpv6" };

function protocolAndPorts(permission: IpPermission): { protocol: string; fromPort: number; toPort: number } {
  const given = permission.IpProtocol;
  if (given === undefined)
    throw new ServiceError("MissingParameter", "The request must contain the parameter ipProtocol");
  const protocol = protocols[given] ?? given.toLowerCase();
  // All protocols implies all ports, whatever the request says.
  if (protocol === "-1") return { protocol, fromPort: -1, toPort: -1 };
  if (!["icmp", "tcp", "udp", "icmpv6"].includes(protocol)) {
    if (/^\d+$/.test(protocol) && Number(protocol) < 256) return { protocol, fromPort: -1, toPort: -1 };
    throw invalidValue(`Invalid value '${given}' for IP protocol. Unknown protocol.`);
  }
  const { FromPort: fromPort, ToPort: toPort } = permission;
  if (fromPort === undefined || toPort === undefined) {
    throw invalidValue(`Invalid value 'Must specify both from and to ports with TCP/UDP.' for portRange.`);
  }
  if (protocol === "icmp" || protocol === "icmpv6") return { protocol, fromPort, toPort };
  if (fromPort < 0 || toPort > 65535) {
    throw invalidValue(
      `Invalid value '${fromPort < 0 ? fromPort : toPort}' for TCP/UDP port. Must be between 0 and 65535.`,
    );
  }
  if (fromPort > toPort) {
    throw invalidValue(`Invalid TCP/UDP port range (${fromPort}:${toPort})`);
  }
  return { protocol, fromPort, toPort };
}

function described(description: string | undefined): { description?: string } {
  if (description === undefined || description === "") return {};
  if (description.length > 255 || !/^[a-zA-Z0-9. _\-:/()#,@[\]+=&;{}!$*]*$/.test(description)) {
    throw invalidValue(
      `Invalid rule description. Valid descriptions are strings less than 256 characters from the following set:  a-zA-Z0-9. _-:/()#,@[]+=&;{}!$*`,
    );
  }
  return { description };
}
