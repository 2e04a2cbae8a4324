import type { ServiceError } from "./service-error.js";

interface AnyTag {
  readonly Key?: string | undefined;
  readonly Value?: string | undefined;
}

/** The tags of a request as a map. Rejects what AWS rejects: `aws:` keys, lengths, characters, duplicates. */
export function readTags(
  tags: readonly AnyTag[] | undefined,
  createError: (message: string) => ServiceError,
): Map<string, string> {
  const read = new Map<string, string>();
  for (const { Key: key = "", Value: value = "" } of tags ?? []) {
    checkTag(key, value, createError);
    if (read.has(key)) throw createError(`Duplicate tag key '${key}' specified.`);
    read.set(key, value);
  }
  return read;
}

/** Adds tags to the existing ones; a resource can have 50. */
export function addTags(
  to: Map<string, string>,
  tags: ReadonlyMap<string, string>,
  createError: (message: string) => ServiceError,
): void {
  const keys = new Set([...to.keys(), ...tags.keys()]);
  if (keys.size > 50) throw createError("A resource can have at most 50 tags.");
  for (const [key, value] of tags) to.set(key, value);
}

export const tagList = (tags: ReadonlyMap<string, string>): { Key: string; Value: string }[] =>
  [...tags].map(([Key, Value]) => ({ Key, Value }));

function checkTag(key: string, value: string, createError: (message: string) => ServiceError): void {
  if (key.length < 1 || key.length > 128) throw createError(`Tag keys have 1 to 128 characters: '${key}'.`);
  if (value.length > 256) throw createError(`Tag values have at most 256 characters: '${value}'.`);
  if (key.toLowerCase().startsWith("aws:"))
    throw createError(`Tag keys starting with 'aws:' are reserved for AWS: '${key}'.`);
  if (!/^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u.test(key + value)) {
    throw createError(`Tags can have letters, digits, spaces and _.:/=+-@ only: '${key}' = '${value}'.`);
  }
}
