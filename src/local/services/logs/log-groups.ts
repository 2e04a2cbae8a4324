import type { LogsPort } from "../../../aws/api.js";
import type { World } from "../../core/account.js";
import { durations } from "../../core/durations.js";
import { page } from "../../core/page.js";
import { Refusal } from "../../core/service-error.js";
import { addTags, readTags } from "../../core/tags.js";
import { findLogGroup, invalidParameter, logGroupOfArn, requireLogs } from "./request.js";
import type { LogGroup } from "./state.js";

/** What PutRetentionPolicy accepts, from its API reference. */
const retentionDays: readonly number[] = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

export function logGroups(world: World): Omit<LogsPort, "describeLogStreams" | "filterLogEvents"> {
  return {
    async createLogGroup(input) {
      requireLogs(input, ["logGroupName"]);
      const name = input.logGroupName ?? "";
      if (name.length > 512 || !/^[.\-_/#A-Za-z0-9]+$/.test(name) || name.startsWith("aws/")) {
        throw invalidParameter(
          `1 validation error detected: Value '${name}' at 'logGroupName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\.\\-_/#A-Za-z0-9]+`,
        );
      }
      if (input.tags !== undefined && Object.keys(input.tags).length === 0) {
        throw invalidParameter(
          "1 validation error detected: Value '{}' at 'tags' failed to satisfy constraint: Member must have length greater than or equal to 1",
        );
      }
      if (world.logs.groups.has(name)) {
        throw new Refusal("ResourceAlreadyExistsException", "The specified log group already exists");
      }
      if (world.clock.now() < (world.logs.busyUntil.get(name) ?? 0)) {
        throw new Refusal(
          "OperationAbortedException",
          "A conflicting operation is currently in progress against this resource. Please try again.",
        );
      }
      world.logs.busyUntil.delete(name);
      world.logs.groups.set(name, {
        name,
        arn: `arn:${world.partition}:logs:${world.region}:${world.accountId}:log-group:${name}`,
        createdAt: Math.floor(world.clock.now()),
        retentionInDays: undefined,
        tags: tagsOf(input.tags),
        streams: new Map(),
      });
      return {};
    },

    async describeLogGroups(input) {
      const { logGroupNamePrefix: prefix, logGroupNamePattern: pattern, limit = 50 } = input;
      const { logGroupIdentifiers: identifiers } = input;
      if (identifiers !== undefined && (identifiers.length === 0 || identifiers.length > 50)) {
        throw invalidParameter(
          "1 validation error detected: Value at 'logGroupIdentifiers' failed to satisfy constraint: Member must have length between 1 and 50",
        );
      }
      if (identifiers !== undefined && (prefix !== undefined || pattern !== undefined)) {
        throw invalidParameter("LogGroup identifiers cannot be combined with a name prefix or pattern.");
      }
      if (limit < 1 || limit > 50) {
        throw invalidParameter(
          `1 validation error detected: Value '${limit}' at 'limit' failed to satisfy constraint: Member must have value less than or equal to 50`,
        );
      }
      if (prefix !== undefined && pattern !== undefined) {
        throw invalidParameter(
          "LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.",
        );
      }
      const found = [...world.logs.groups.values()]
        .filter(
          ({ name, arn }) => identifiers === undefined || identifiers.some((id) => id === name || id === arn),
        )
        .filter((group) => group.name.startsWith(prefix ?? ""))
        .filter((group) => pattern === undefined || group.name.toLowerCase().includes(pattern.toLowerCase()))
        .sort((one, other) => (one.name < other.name ? -1 : 1));
      const { items, nextToken } = page(found, input.nextToken, limit, () =>
        invalidParameter("The specified nextToken is invalid."),
      );
      return { logGroups: items.map(description), nextToken };
    },

    async putRetentionPolicy(input) {
      requireLogs(input, ["logGroupName", "retentionInDays"]);
      const group = findLogGroup(world, input.logGroupName);
      if (!retentionDays.includes(input.retentionInDays ?? 0)) {
        throw invalidParameter(
          `1 validation error detected: Value '${input.retentionInDays}' at 'retentionInDays' failed to satisfy constraint: Member must satisfy enum value set: [${retentionDays.join(", ")}]`,
        );
      }
      group.retentionInDays = input.retentionInDays;
      return {};
    },

    async deleteRetentionPolicy(input) {
      requireLogs(input, ["logGroupName"]);
      findLogGroup(world, input.logGroupName).retentionInDays = undefined;
      return {};
    },

    async deleteLogGroup(input) {
      requireLogs(input, ["logGroupName"]);
      const { name } = findLogGroup(world, input.logGroupName);
      world.logs.groups.delete(name);
      world.logs.busyUntil.set(name, world.clock.now() + durations.logGroupConflict);
      return {};
    },

    async listTagsForResource(input) {
      requireLogs(input, ["resourceArn"]);
      return { tags: Object.fromEntries(logGroupOfArn(world, input.resourceArn).tags) };
    },

    async tagResource(input) {
      requireLogs(input, ["resourceArn", "tags"]);
      const group = logGroupOfArn(world, input.resourceArn);
      const tooMany = (message: string) => new Refusal("TooManyTagsException", message);
      addTags(group.tags, tagsOf(input.tags), tooMany);
      return {};
    },
  };
}

const tagsOf = (tags: Readonly<Record<string, string>> | undefined): Map<string, string> =>
  readTags(
    Object.entries(tags ?? {}).map(([Key, Value]) => ({ Key, Value })),
    invalidParameter,
  );

const description = (group: LogGroup) => ({
  logGroupName: group.name,
  arn: `${group.arn}:*`,
  logGroupArn: group.arn,
  creationTime: group.createdAt,
  metricFilterCount: 0,
  storedBytes: 0,
  logGroupClass: "STANDARD" as const,
  ...(group.retentionInDays === undefined ? {} : { retentionInDays: group.retentionInDays }),
});
