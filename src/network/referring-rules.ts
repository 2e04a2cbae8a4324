import type { AwsContext } from "../aws/context.js";
import { ignoreNotFound } from "../aws/not-found.js";
import { ownerName } from "../aws/owner.js";
import { paginate } from "../aws/paginate.js";
import { fromTags, OWNER_TAG } from "../aws/tags.js";

/**
 * Revokes the rules by which a namespace's members admit a security group that is about to be deleted: the namespace has
 * other members, and keeps its other rules.
 *
 * @param referring - the security groups whose rules refer to it
 */
export async function revokeNamespaceRules(
  groupId: string,
  referring: readonly string[],
  { aws }: AwsContext,
): Promise<void> {
  const rules = await paginate(
    "NextToken",
    (next) =>
      aws.ec2.describeSecurityGroupRules({
        Filters: [{ Name: "group-id", Values: [...referring] }],
        ...next,
      }),
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
