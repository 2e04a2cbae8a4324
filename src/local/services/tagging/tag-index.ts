import type { Account } from "../../core/account.js";
import type { TaggedResource } from "./state.js";
import { taggedResources } from "./tagged-resources.js";

/** Changes within this time are one version. */
const RESOLUTION = 1_000;

/** Records the tagged resources as they are now, if the tagging API will know of them only later. */
export function recordTags(account: Account): void {
  const { delay, versions } = account.tagging;
  if (delay === 0) return;
  const now = account.clock.now();
  const last = versions.at(-1);
  const resources = copyOf(taggedResources(account), last?.resources ?? []);
  if (last !== undefined && now - last.at < RESOLUTION) last.resources = resources;
  else versions.push({ at: now, resources });
  // The newest version that is old enough is what the API knows.
  const known = versions.findLastIndex(({ at }) => at <= now - delay);
  if (known > 0) versions.splice(0, known);
}

/** The tagged resources as the tagging API knows them. */
export function knownResources(account: Account): readonly TaggedResource[] {
  const { delay, versions } = account.tagging;
  if (delay === 0) return taggedResources(account);
  recordTags(account);
  const now = account.clock.now();
  return versions.findLast(({ at }) => at <= now - delay)?.resources ?? [];
}

/** Copies the tags, which may change; an unchanged resource is shared with the version before. */
function copyOf(
  resources: readonly TaggedResource[],
  before: readonly TaggedResource[],
): readonly TaggedResource[] {
  const known = new Map(before.map((resource) => [resource.arn, resource]));
  return resources.map(({ type, arn, tags }) => {
    const last = known.get(arn);
    return last !== undefined && isSame(last.tags, tags) ? last : { type, arn, tags: new Map(tags) };
  });
}

const isSame = (one: ReadonlyMap<string, string>, other: ReadonlyMap<string, string>): boolean =>
  one.size === other.size && [...one].every(([key, value]) => other.get(key) === value);
