import type { AwsContext } from "../aws/context.js";
import { ignoreNotFound } from "../aws/not-found.js";
import { ownerName } from "../aws/owner.js";
import { paginate } from "../aws/paginate.js";
import { fromTags, OWNER_TAG } from "../aws/tags.js";

/**
 * Revokes the rules by which a namespace's members admit a security group that is about to be deleted: the namespace has
 * other members, and keeps its other rules.
 */
export async function revokeNamespaceRules(groupId: string, { aws }: AwsContext): Promise<void> {
  const groups = await paginate(
    "NextToken",
    (next) =>
      aws.ec2.describeSecurityGroups({
        Filters: [{ Name: "ip-permission.group-id", Values: [groupId] }],
        ...next,
      }),
    ({ SecurityGroups }) => SecurityGroups,
  );
  const others = groups.flatMap(({ GroupId }) =>
    GroupId === undefined || GroupId === groupId ? [] : GroupId,
  );
  if (others.length === 0) return;
  const rules = await paginate(
    "NextToken",
    (next) =>
      aws.ec2.describeSecurityGroupRules({ Filters: [{ Name: "group-id", Values: others }], ...next }),
    ({ SecurityGroupRules }) => SecurityGroupRules,
  );
  for (const { GroupId, SecurityGroupRuleId, ReferencedGroupInfo, Tags, IsEgress } of rules) {
    const isOfNamespace = ownerName(fromTags(Tags)[OWNER_TAG], "namespace") !== undefined;
    if (!isOfNamespace || IsEgress === true || ReferencedGroupInfo?.GroupId !== groupId) continue;
    await ignoreNotFound(
      aws.ec2.revokeSecurityGroupIngress({ GroupId, SecurityGroupRuleIds: [SecurityGroupRuleId ?? ""] }),
    );
  }
}
