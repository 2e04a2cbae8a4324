import type { SecurityGroupRule } from "@aws-sdk/client-ec2";
import type { AwsContext } from "../aws/context.js";
import { hasErrorCode, isUnsupportedOperation } from "../aws/error-code.js";
import { ignoreNotFound } from "../aws/not-found.js";
import { paginate } from "../aws/paginate.js";
import { fromTags, OWNER_TAG, toTagList } from "../aws/tags.js";
import { isUnknown, UNKNOWN, type Kind, type Tagged } from "../engine/kind.js";
import { securityGroupNames } from "./security-group-names.js";

export type RuleSource =
  { readonly cidrIpv4: string } | { readonly cidrIpv6: string } | { readonly sourceGroupId: string };

export interface SecurityGroupRuleDesired extends Tagged {
  readonly groupId: string;
  readonly protocol: "tcp" | "udp";
  readonly fromPort: number;
  readonly toPort: number;
  readonly source: RuleSource;
  readonly description: string;
}

export interface SecurityGroupRuleState {
  readonly ruleId: string;
  readonly groupId: string;
  /** The security group that it admits. */
  readonly sourceGroupId?: string;
}

/**
 * An ingress rule. Rules have no names: a rule with equal values is the same rule, no matter who created it,
 * and one with other values is another rule. So none is ever changed.
 */
export const securityGroupRuleKind: Kind<SecurityGroupRuleDesired, SecurityGroupRuleState, AwsContext> = {
  kind: "security-group-rule",
  unknown: { ruleId: UNKNOWN, groupId: UNKNOWN },
  dependsOn: ["security-group"],
  // A group that others admit can be deleted only after their rules.
  deletedWith: ({ state: { groupId, sourceGroupId } }, parent) =>
    sourceGroupId === undefined &&
    parent.kind === "security-group" &&
    (parent.state as { readonly groupId: string }).groupId === groupId,

  async read(desired, context) {
    if (isUnknown(desired.groupId) || Object.values(desired.source).some(isUnknown)) return undefined;
    const rules = await describe(context, "group-id", desired.groupId);
    const rule = rules.find((candidate) => isEqual(candidate, desired));
    if (rule === undefined) return undefined;
    const { groupId, protocol, fromPort, toPort, source } = desired;
    return {
      state: stateOf(rule),
      current: { groupId, protocol, fromPort, toPort, source },
      tags: fromTags(rule.Tags),
    };
  },

  async create(desired, context) {
    const { SecurityGroupRules = [] } = await context.aws.ec2.authorizeSecurityGroupIngress({
      GroupId: desired.groupId,
      IpPermissions: [
        {
          IpProtocol: desired.protocol,
          FromPort: desired.fromPort,
          ToPort: desired.toPort,
          ...sourceOf(desired.source, desired.description),
        },
      ],
      TagSpecifications: [{ ResourceType: "security-group-rule", Tags: toTagList(desired.tags) }],
    });
    const ruleId = SecurityGroupRules[0]?.SecurityGroupRuleId;
    if (ruleId !== undefined) return { ruleId, groupId: desired.groupId };
    // Some endpoints do not return the rule that they created.
    const observed = await securityGroupRuleKind.read(desired, context);
    return observed?.state ?? { ruleId: "", groupId: desired.groupId };
  },

  alreadyExists: (error) => hasErrorCode(error, "InvalidPermission.Duplicate"),

  async delete({ ruleId, groupId }, { aws }) {
    await ignoreNotFound(
      aws.ec2.revokeSecurityGroupIngress({ GroupId: groupId, SecurityGroupRuleIds: [ruleId] }),
    );
  },

  async findOwned(owner, context) {
    const rules = await describe(context, `tag:${OWNER_TAG}`, owner);
    const groupNames = await securityGroupNames(rules.flatMap(groupsOf), context);
    return rules.map((rule) => ({
      name: nameOf(rule, groupNames),
      state: stateOf(rule),
      tags: fromTags(rule.Tags),
    }));
  },
};

/** A rule's name in the graph, made of its values: AWS has no names for rules. */
export function securityGroupRuleName(
  groupName: string,
  fromPort: number,
  toPort: number,
  source: string,
  protocol: "tcp" | "udp" = "tcp",
): string {
  return `${groupName}: ${protocol} ${fromPort === toPort ? fromPort : `${fromPort}-${toPort}`} from ${source}`;
}

function nameOf(rule: SecurityGroupRule, groupNames: ReadonlyMap<string, string>): string {
  const nameOfGroup = (id = "") => groupNames.get(id) ?? id;
  const source = rule.CidrIpv4 ?? rule.CidrIpv6 ?? nameOfGroup(rule.ReferencedGroupInfo?.GroupId);
  return securityGroupRuleName(
    nameOfGroup(rule.GroupId),
    rule.FromPort ?? 0,
    rule.ToPort ?? 0,
    source,
    rule.IpProtocol === "udp" ? "udp" : "tcp",
  );
}

/** The groups that the rule is in and that it refers to. */
const groupsOf = ({ GroupId, ReferencedGroupInfo }: SecurityGroupRule): string[] =>
  [GroupId, ReferencedGroupInfo?.GroupId].filter((id) => id !== undefined);

const stateOf = (rule: SecurityGroupRule): SecurityGroupRuleState => ({
  ruleId: rule.SecurityGroupRuleId ?? "",
  groupId: rule.GroupId ?? "",
  ...(rule.ReferencedGroupInfo?.GroupId !== undefined && { sourceGroupId: rule.ReferencedGroupInfo.GroupId }),
});

function sourceOf(source: RuleSource, Description: string) {
  if ("cidrIpv4" in source) return { IpRanges: [{ CidrIp: source.cidrIpv4, Description }] };
  if ("cidrIpv6" in source) return { Ipv6Ranges: [{ CidrIpv6: source.cidrIpv6, Description }] };
  return { UserIdGroupPairs: [{ GroupId: source.sourceGroupId, Description }] };
}

function isEqual(rule: SecurityGroupRule, desired: SecurityGroupRuleDesired): boolean {
  if (rule.IsEgress === true) return false;
  if (rule.IpProtocol !== desired.protocol) return false;
  if (rule.FromPort !== desired.fromPort || rule.ToPort !== desired.toPort) return false;
  const { source } = desired;
  if ("cidrIpv4" in source) return rule.CidrIpv4 === source.cidrIpv4;
  if ("cidrIpv6" in source) return rule.CidrIpv6 === source.cidrIpv6;
  return rule.ReferencedGroupInfo?.GroupId === source.sourceGroupId;
}

async function describe({ aws }: AwsContext, filter: string, value: string): Promise<SecurityGroupRule[]> {
  const Filters = [{ Name: filter, Values: [value] }];
  try {
    return await paginate(
      "NextToken",
      (next) => aws.ec2.describeSecurityGroupRules({ Filters, ...next }),
      ({ SecurityGroupRules }) => SecurityGroupRules,
    );
  } catch (error) {
    // Some endpoints cannot filter rules by tag; the rules are then deleted with their groups.
    if (filter.startsWith("tag:") && isUnsupportedOperation(error)) return [];
    throw error;
  }
}
