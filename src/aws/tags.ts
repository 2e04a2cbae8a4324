import type { Tags } from "../engine/kind.js";

/** Who owns it: `deployment/talk-service`, `cluster/conference-cluster`, `load-balancer/conferenceAlb`. */
export const OWNER_TAG = "quayside:owner";
export const KIND_TAG = "quayside:kind";
/** Hash of the desired state it was last written with: finds changes in what AWS does not report. */
export const HASH_TAG = "quayside:spec-hash";
/** It existed before quayside took it over: used and kept up to date, never deleted. */
export const ADOPTED_TAG = "quayside:adopted";

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
