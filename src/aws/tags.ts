import type { Tags } from "../engine/kind.js";

export { ADOPTED_TAG, HASH_TAG, KIND_TAG, OWNER_TAG } from "../engine/ownership.js";

/** EC2, ELB, IAM, Auto Scaling: `{ Key, Value }`. */
export const toTagList = (tags: Tags): { Key: string; Value: string }[] =>
  Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));

/** ECS: `{ key, value }`. */
export const toEcsTags = (tags: Tags): { key: string; value: string }[] =>
  Object.entries(tags).map(([key, value]) => ({ key, value }));

/** Tags as AWS returns them, in either shape, without its own `aws:` ones. */
export function fromTags(
  list:
    | readonly { readonly Key?: string | undefined; readonly Value?: string | undefined }[]
    | readonly { readonly key?: string | undefined; readonly value?: string | undefined }[]
    | undefined,
): Tags {
  const tags: Record<string, string> = {};
  for (const tag of list ?? []) {
    const key = "Key" in tag ? tag.Key : "key" in tag ? tag.key : undefined;
    const value = "Value" in tag ? tag.Value : "value" in tag ? tag.value : undefined;
    if (key !== undefined && !key.toLowerCase().startsWith("aws:")) tags[key] = value ?? "";
  }
  return tags;
}
