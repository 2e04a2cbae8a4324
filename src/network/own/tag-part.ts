import { changedTags } from "../../aws/changed-tags.js";
import type { AwsContext } from "../../aws/context.js";
import { toTagList } from "../../aws/tags.js";
import type { FieldChange, Tagged } from "../../engine/kind.js";

/** Sets the described tags that a part lacks. */
export async function tagPart(
  id: string,
  desired: Tagged,
  changes: readonly FieldChange[],
  { aws }: AwsContext,
): Promise<void> {
  const tags = changedTags(desired, changes);
  if (tags !== undefined) await aws.ec2.createTags({ Resources: [id], Tags: toTagList(tags) });
}
