import type { ConditionKeys, RequiredPermission } from "./required-permission.js";

interface AnyTag {
  readonly Key?: unknown;
  readonly key?: unknown;
  readonly Value?: unknown;
  readonly value?: unknown;
}

/** The tags of a request, in whichever way its service takes them. */
function requestTags(input: object): ReadonlyMap<string, string> {
  const { Tags, tags, TagSpecifications } = input as Readonly<Record<string, unknown>>;
  const given = Tags ?? tags ?? (TagSpecifications as { Tags?: unknown }[] | undefined)?.[0]?.Tags;
  if (Array.isArray(given)) {
    return new Map(
      (given as AnyTag[]).map((tag) => [String(tag.Key ?? tag.key), String(tag.Value ?? tag.value ?? "")]),
    );
  }
  return new Map(Object.entries((given ?? {}) as Readonly<Record<string, string>>));
}

/** The condition keys of a request's tags: `aws:RequestTag/…` and `aws:TagKeys`. */
export function requestTagKeys(input: object): ConditionKeys {
  const tags = requestTags(input);
  if (tags.size === 0) return {};
  return {
    ...Object.fromEntries([...tags].map(([key, value]) => [`aws:RequestTag/${key}`, [value]])),
    "aws:TagKeys": [...tags.keys()],
  };
}

/** What AWS also checks if a resource is created with tags: the service's tagging action. */
export const taggingAtCreate = (
  input: object,
  action: string,
  resource: string,
  keys: ConditionKeys = {},
): readonly RequiredPermission[] => (requestTags(input).size === 0 ? [] : [{ action, resource, keys }]);
