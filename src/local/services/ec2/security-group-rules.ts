import type { IpPermission, SecurityGroupRule as RuleDescription } from "@aws-sdk/client-ec2";
import type { Ec2Api } from "../../../aws/api.js";
import type { Account } from "../../core/account.js";
import { arnOf } from "../../core/arn.js";
import { ServiceError } from "../../core/service-error.js";
import { tagList } from "../../core/tags.js";
import { applyFilters } from "./filters.js";
import { describeRule, ruleKey, wantedRules } from "./permissions.js";
import { byIds, ec2Page, specifiedTags } from "./request.js";
import { referredGroup } from "./security-group-reference.js";
import type { SecurityGroup, SecurityGroupRule } from "./state.js";
import { visibleSecurityGroup } from "./visible-security-group.js";

type Operations =
  "authorizeSecurityGroupIngress" | "revokeSecurityGroupIngress" | "describeSecurityGroupRules";

interface EgressOperations {
  readonly authorizeSecurityGroupEgress: Ec2Api["authorizeSecurityGroupIngress"];
  readonly revokeSecurityGroupEgress: Ec2Api["revokeSecurityGroupIngress"];
}

/** Quota: rules in each direction. */
const maxRules = 60;

export function securityGroupRules(account: Account): Pick<Ec2Api, Operations> & EgressOperations {
  return {
    authorizeSecurityGroupIngress: authorize(account, false),
    revokeSecurityGroupIngress: revoke(account, false),
    authorizeSecurityGroupEgress: authorize(account, true),
    revokeSecurityGroupEgress: revoke(account, true),

    async describeSecurityGroupRules(input) {
      const all = new Map<string, { readonly group: SecurityGroup; readonly rule: SecurityGroupRule }>();
      for (const group of account.ec2.securityGroups.values()) {
        if (visibleSecurityGroup(account, group.id) === undefined) continue;
        for (const rule of group.rules.values()) all.set(rule.id, { group, rule });
      }
      const known = byIds(
        all,
        input.SecurityGroupRuleIds,
        (id) =>
          new ServiceError(
            "InvalidSecurityGroupRuleId.NotFound",
            `The security group rule ID '${id}' does not exist`,
          ),
      );
      const found = applyFilters(
        known,
        input.Filters,
        {
          "group-id": ({ group }) => [group.id],
          "security-group-rule-id": ({ rule }) => [rule.id],
        },
        ({ rule }) => rule.tags,
      );
      const { items, nextToken } = ec2Page(found, input);
      return {
        SecurityGroupRules: items.map(({ group, rule }) => description(account, group, rule)),
        NextToken: nextToken,
      };
    },
  };
}

const authorize =
  (account: Account, isEgress: boolean): Ec2Api["authorizeSecurityGroupIngress"] =>
  async (input) => {
    const group = referredGroup(account, input);
    const wanted = wantedRules(account, group.vpcId, permissionsOf(input));
    const tags = specifiedTags(input.TagSpecifications, "security-group-rule");
    const present = rulesOf(group, isEgress);
    const keys = new Set(present.map(ruleKey));
    // One rule that already exists fails the whole request.
    const duplicate = wanted.find((rule) => keys.has(ruleKey(rule)));
    if (duplicate !== undefined) {
      throw new ServiceError(
        "InvalidPermission.Duplicate",
        `the specified rule "${describeRule(duplicate)}" already exists`,
      );
    }
    if (present.length + wanted.length > maxRules) {
      throw new ServiceError(
        "RulesPerSecurityGroupLimitExceeded",
        `The maximum number of rules per security group has been reached.`,
      );
    }
    const added = wanted.map((rule): SecurityGroupRule => {
      const id = `sgr-${account.hex(17)}`;
      return { ...rule, id, isEgress, tags: new Map(tags) };
    });
    for (const rule of added) group.rules.set(rule.id, rule);
    for (const listener of account.events.securityGroupsChanged) listener();
    return { Return: true, SecurityGroupRules: added.map((rule) => description(account, group, rule)) };
  };

const revoke =
  (account: Account, isEgress: boolean): Ec2Api["revokeSecurityGroupIngress"] =>
  async (input) => {
    const group = referredGroup(account, input);
    const removed = input.SecurityGroupRuleIds?.length
      ? input.SecurityGroupRuleIds.map((id) => ruleOf(group, id, isEgress))
      : wantedRules(account, group.vpcId, permissionsOf(input)).map((wanted) => {
          const rule = rulesOf(group, isEgress).find((one) => ruleKey(one) === ruleKey(wanted));
          if (rule !== undefined) return rule;
          throw new ServiceError(
            "InvalidPermission.NotFound",
            "The specified rule does not exist in this security group.",
          );
        });
    for (const rule of removed) group.rules.delete(rule.id);
    for (const listener of account.events.securityGroupsChanged) listener();
    return { Return: true };
  };

const rulesOf = (group: SecurityGroup, isEgress: boolean): SecurityGroupRule[] =>
  [...group.rules.values()].filter((rule) => rule.isEgress === isEgress);

function ruleOf(group: SecurityGroup, id: string, isEgress: boolean): SecurityGroupRule {
  const rule = group.rules.get(id);
  if (rule === undefined || rule.isEgress !== isEgress) {
    throw new ServiceError(
      "InvalidSecurityGroupRuleId.NotFound",
      `The security group rule ID '${id}' does not exist`,
    );
  }
  return rule;
}

/** The permissions of a request, also if it gives a single one in its own members (the oldest form). */
function permissionsOf(input: {
  readonly IpPermissions?: IpPermission[] | undefined;
  readonly CidrIp?: string | undefined;
  readonly IpProtocol?: string | undefined;
  readonly FromPort?: number | undefined;
  readonly ToPort?: number | undefined;
}): readonly IpPermission[] {
  const { IpPermissions: permissions, CidrIp, IpProtocol, FromPort, ToPort } = input;
  if (permissions !== undefined && permissions.length > 0) return permissions;
  if (CidrIp === undefined && IpProtocol === undefined) {
    throw new ServiceError("MissingParameter", "The request must contain the parameter ipPermissions");
  }
  return [{ IpProtocol, FromPort, ToPort, IpRanges: [{ CidrIp }] }];
}

const description = (account: Account, group: SecurityGroup, rule: SecurityGroupRule): RuleDescription => ({
  SecurityGroupRuleId: rule.id,
  SecurityGroupRuleArn: arnOf(account, "ec2", `security-group-rule/${rule.id}`),
  GroupId: group.id,
  GroupOwnerId: account.accountId,
  IsEgress: rule.isEgress,
  IpProtocol: rule.protocol,
  FromPort: rule.fromPort,
  ToPort: rule.toPort,
  CidrIpv4: rule.cidrIpv4,
  CidrIpv6: rule.cidrIpv6,
  ...(rule.sourceGroupId === undefined
    ? {}
    : {
        ReferencedGroupInfo: { GroupId: rule.sourceGroupId, UserId: account.accountId, VpcId: group.vpcId },
      }),
  Description: rule.description,
  Tags: tagList(rule.tags),
});
