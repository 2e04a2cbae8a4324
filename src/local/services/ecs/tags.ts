import type { ListTagsForResourceCommandOutput, Tag } from "@aws-sdk/client-ecs";
import type { EcsApi, Operation } from "../../../aws/api.js";
import type { Account } from "../../core/account.js";
import { nameOf, resourceOf } from "../../core/arn.js";
import { ServiceError } from "../../core/service-error.js";
import { invalidParameter } from "./service-errors.js";

export function readTags(tags: readonly Tag[] | undefined): Map<string, string> {
  const map = new Map<string, string>();
  for (const { key, value = "" } of tags ?? []) {
    if (key === undefined || key.length < 1 || key.length > 128) {
      throw invalidParameter("Invalid tag key: it must have 1 to 128 characters.");
    }
    if (/^aws:/i.test(key))
      throw invalidParameter("Invalid tag key: tags with the prefix aws: are reserved.");
    if (value.length > 256) throw invalidParameter("Invalid tag value: it must have at most 256 characters.");
    if (!/^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u.test(key + value)) {
      throw invalidParameter(`Tag '${key}' contains invalid characters.`);
    }
    if (map.has(key)) throw invalidParameter(`Duplicate tag key: ${key}`);
    map.set(key, value);
  }
  if (map.size > 50) throw invalidParameter("A resource can have up to 50 tags.");
  return map;
}

export const listTags = (tags: ReadonlyMap<string, string>): Tag[] =>
  [...tags].map(([key, value]) => ({ key, value }));

export const createTagHandlers = (
  account: Account,
): Pick<EcsApi, "tagResource" | "untagResource"> & {
  readonly listTagsForResource: Operation<
    { resourceArn: string | undefined },
    ListTagsForResourceCommandOutput
  >;
} => ({
  async listTagsForResource({ resourceArn = "" }) {
    return { tags: listTags(tagsOf(account, resourceArn)) };
  },

  async tagResource({ resourceArn = "", tags }) {
    const found = tagsOf(account, resourceArn);
    const added = readTags(tags);
    if (new Set([...found.keys(), ...added.keys()]).size > 50) {
      throw invalidParameter("A resource can have up to 50 tags.");
    }
    for (const [key, value] of added) found.set(key, value);
    return {};
  },

  async untagResource({ resourceArn = "", tagKeys = [] }) {
    const found = tagsOf(account, resourceArn);
    for (const key of tagKeys) found.delete(key);
    return {};
  },
});

function tagsOf(account: Account, arn: string): Map<string, string> {
  const [kind = "", ...path] = resourceOf(arn).split("/");
  const cluster = account.ecs.clusters.get(path[0] ?? "");
  if (kind === "task-definition") {
    const [family = "", revision] = nameOf(arn).split(":");
    const revisions = account.ecs.families.get(family)?.revisions ?? [];
    const record = revisions.find(({ description }) => String(description.revision) === revision);
    if (record !== undefined) return record.tags;
    throw invalidParameter(
      "The specified task definition does not exist. Specify a valid ARN and try again.",
    );
  }
  const provider =
    kind === "capacity-provider"
      ? (account.ecs.capacityProviders.get(path[0] ?? "") ?? account.ecs.managedInstances.get(path[0] ?? ""))
      : undefined;
  if (provider !== undefined) return provider.tags;
  if (cluster === undefined || (cluster.status === "INACTIVE" && kind === "cluster")) {
    throw invalidParameter("The specified cluster is inactive. Specify an active cluster and try again.");
  }
  if (kind === "cluster") return cluster.tags;
  const service = kind === "service" ? cluster.services.get(path[1] ?? "") : undefined;
  if (service !== undefined && service.description.status !== "INACTIVE") return service.tags;
  const task = kind === "task" ? cluster.tasks.get(arn) : undefined;
  if (task !== undefined) return task.tags;
  throw new ServiceError(
    "ResourceNotFoundException",
    `The specified ${kind} does not exist. Specify a valid ARN and try again.`,
  );
}
