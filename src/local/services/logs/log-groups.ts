import type { LogsApi } from "../../../aws/api.js";
import type { Account } from "../../core/account.js";
import { arnOf } from "../../core/arn.js";
import { untilConsistent } from "../../core/consistency.js";
import { page } from "../../core/page.js";
import { ServiceError } from "../../core/service-error.js";
import { addTags, readTags } from "../../core/tags.js";
import { findLogGroup, invalidParameter, logGroupOfArn, requireLogs } from "./request.js";
import type { LogGroup } from "./state.js";

/** The values that PutRetentionPolicy accepts, from its API reference. */
const retentionDays: readonly number[] = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

export function logGroups(account: Account): Omit<LogsApi, "describeLogStreams" | "filterLogEvents"> {
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
      if (account.logs.groups.has(name)) {
        throw new ServiceError("ResourceAlreadyExistsException", "The specified log group already exists");
      }
      if (account.clock.now() < (account.logs.busyUntil.get(name) ?? 0)) {
        throw new ServiceError(
          "OperationAbortedException",
          "A conflicting operation is currently in progress against this resource. Please try again.",
        );
      }
      account.logs.busyUntil.delete(name);
      addLogGroup(account, name, {
        kmsKeyId: input.kmsKeyId,
        logGroupClass: input.logGroupClass ?? "STANDARD",
        tags: tagsOf(input.tags),
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
      const found = [...account.logs.groups.values()]
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
      const group = findLogGroup(account, input.logGroupName);
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
      findLogGroup(account, input.logGroupName).retentionInDays = undefined;
      return {};
    },

    async associateKmsKey(input) {
      requireLogs(input, ["kmsKeyId"]);
      if (!/^arn:[\w-]+:kms:[\w-]+:\d{12}:key\/.+$/.test(input.kmsKeyId ?? ""))
        throw invalidParameter("The specified KMS key ID could not be found or is invalid.");
      findLogGroup(account, input.logGroupName).kmsKeyId = input.kmsKeyId;
      return {};
    },

    async deleteLogGroup(input) {
      requireLogs(input, ["logGroupName"]);
      const { name } = findLogGroup(account, input.logGroupName);
      account.logs.groups.delete(name);
      account.logs.busyUntil.set(name, account.clock.now() + untilConsistent(account, "logGroupConflict"));
      return {};
    },

    async listTagsForResource(input) {
      requireLogs(input, ["resourceArn"]);
      return { tags: Object.fromEntries(logGroupOfArn(account, input.resourceArn).tags) };
    },

    async tagResource(input) {
      requireLogs(input, ["resourceArn", "tags"]);
      const group = logGroupOfArn(account, input.resourceArn);
      const tooMany = (message: string) => new ServiceError("TooManyTagsException", message);
      addTags(group.tags, tagsOf(input.tags), tooMany);
      return {};
    },
  };
}

/** Adds a group as CreateLogGroup does, also one that a log router creates. */
export function addLogGroup(
  account: Account,
  name: string,
  settings: Pick<LogGroup, "kmsKeyId" | "logGroupClass" | "tags">,
): void {
  account.logs.groups.set(name, {
    name,
    arn: arnOf(account, "logs", `log-group:${name}`),
    createdAt: Math.floor(account.clock.now()),
    retentionInDays: undefined,
    streams: new Map(),
    streamsCreatedAt: new Map(),
    ...settings,
  });
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
  logGroupClass: group.logGroupClass,
  ...(group.kmsKeyId === undefined ? {} : { kmsKeyId: group.kmsKeyId }),
  ...(group.retentionInDays === undefined ? {} : { retentionInDays: group.retentionInDays }),
});
