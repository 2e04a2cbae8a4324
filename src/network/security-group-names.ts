import type { AwsContext } from "../aws/context.js";

/** ID -> name of the security groups that exist. */
export async function securityGroupNames(
  ids: readonly string[],
  { aws }: AwsContext,
): Promise<ReadonlyMap<string, string>> {
  // One request per group: batching combines them with those of other callers.
  const answers = await Promise.all(
    [...new Set(ids)].map((id) =>
      aws.ec2.describeSecurityGroups({ Filters: [{ Name: "group-id", Values: [id] }] }),
    ),
  );
  const groups = answers.flatMap(({ SecurityGroups = [] }) => SecurityGroups);
  return new Map(groups.map(({ GroupId = "", GroupName = "" }) => [GroupId, GroupName]));
}
