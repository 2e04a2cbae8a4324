import type { LogGroup } from "@aws-sdk/client-cloudwatch-logs";
import { withoutWildcard } from "../aws/arn.js";
import { changedTags } from "../aws/changed-tags.js";
import type { AwsContext } from "../aws/context.js";
import { hasErrorCode } from "../aws/error-code.js";
import { knownTags } from "../aws/known-tags.js";
import { ignoreNotFound } from "../aws/not-found.js";
import { ownedArns } from "../aws/owned-arns.js";
import { pages } from "../aws/paginate.js";
import { fromTags } from "../aws/tags.js";
import { overrideEffect } from "../aws/unapplied-override.js";
import { hasChanges } from "../engine/diff.js";
import { UNKNOWN, type Kind, type Tagged, type Tags } from "../engine/kind.js";

export interface LogGroupDesired extends Tagged {
  readonly logGroupName: string;
  /** `undefined`: events never expire. */
  readonly retentionInDays: number | undefined;
  /** @defaultValue `STANDARD` */
  readonly logGroupClass?: "STANDARD" | "INFREQUENT_ACCESS";
  /** The ARN of the KMS key. @defaultValue AWS's own */
  readonly kmsKeyId?: string;
}

export interface LogGroupState {
  readonly logGroupName: string;
}

export const logGroupKind: Kind<LogGroupDesired, LogGroupState, AwsContext> = {
  kind: "log-group",
  unknown: { logGroupName: UNKNOWN },

  async read(desired, context) {
    const { logGroupName } = desired;
    const found = await find(logGroupName, context);
    if (found?.arn === undefined) return undefined;
    const { unapplied } = overrideEffect(
      "createLogGroup",
      createInput(desired),
      // The key is compared by itself: it can be changed.
      { ...NO_KEY, ...found, ...(desired.kmsKeyId !== undefined && { kmsKeyId: desired.kmsKeyId }) },
      context,
    );
    return {
      state: { logGroupName },
      unapplied,
      current: {
        logGroupName,
        retentionInDays: found.retentionInDays,
        // An endpoint that does not know classes has one.
        ...(desired.logGroupClass !== undefined && {
          logGroupClass: found.logGroupClass ?? desired.logGroupClass,
        }),
        ...(desired.kmsKeyId !== undefined && { kmsKeyId: found.kmsKeyId }),
      },
      tags: (await knownTags(found.arn, desired.tags, context)) ?? (await tagsOf(found.arn, context)),
    };
  },

  async create(desired, context) {
    const { logGroupName, retentionInDays } = desired;
    await context.aws.logs.createLogGroup(createInput(desired));
    // A new group has no retention period.
    if (retentionInDays !== undefined) await setRetention(retentionInDays, logGroupName, context);
    return { logGroupName };
  },

  async update(desired, observed, changes, context) {
    const { logGroupName } = observed.state;
    if (hasChanges(changes, "retentionInDays"))
      await setRetention(desired.retentionInDays, logGroupName, context);
    if (hasChanges(changes, "kmsKeyId") && desired.kmsKeyId !== undefined)
      await context.aws.logs.associateKmsKey({ logGroupName, kmsKeyId: desired.kmsKeyId });
    const tags = changedTags(desired, changes);
    if (tags !== undefined) {
      const found = await find(logGroupName, context);
      if (found?.arn !== undefined) {
        await context.aws.logs.tagResource({ resourceArn: withoutWildcard(found.arn), tags: { ...tags } });
      }
    }
    return observed.state;
  },

  async delete({ logGroupName }, context) {
    await ignoreNotFound(context.aws.logs.deleteLogGroup({ logGroupName }));
  },

  immutable: ["logGroupName", "logGroupClass", "override"],
  alreadyExists: (error) => hasErrorCode(error, "ResourceAlreadyExistsException"),

  async findOwned(owner, context, isDescribed) {
    const owned = await ownedArns(context, owner, "logs", "log-group:");
    const found = await Promise.all(
      owned.map(async ({ rest, tags }) => {
        const logGroupName = withoutWildcard(rest);
        if (isDescribed?.(logGroupName)) return [];
        // The tagging API may return it for a while after its deletion.
        const exists = (await find(logGroupName, context)) !== undefined;
        return exists ? [{ name: logGroupName, state: { logGroupName }, tags }] : [];
      }),
    );
    return found.flat();
  },
};

export const logGroupExists = async (name: string, context: AwsContext): Promise<boolean> =>
  (await find(name, context)) !== undefined;

async function find(logGroupName: string, context: AwsContext): Promise<LogGroup | undefined> {
  const answer = await context.aws.logs
    .describeLogGroups({ logGroupIdentifiers: [logGroupName] })
    .catch((error: unknown) => {
      if (!hasErrorCode(error, "InvalidParameterException", "ResourceNotFoundException")) throw error;
      return undefined;
    });
  const named = answer?.logGroups?.find((group) => group.logGroupName === logGroupName);
  // An endpoint that ignores the names answers with all groups, in pages: the group is then searched by
  // prefix.
  const isAnswered = answer !== undefined && answer.nextToken === undefined;
  return named === undefined && !isAnswered ? findByPrefix(logGroupName, context) : named;
}

async function findByPrefix(logGroupName: string, context: AwsContext): Promise<LogGroup | undefined> {
  const { logs } = context.aws;
  for await (const page of pages("nextToken", (next) =>
    logs.describeLogGroups({ logGroupNamePrefix: logGroupName, ...next }),
  )) {
    const found = page.logGroups?.find((group) => group.logGroupName === logGroupName);
    if (found !== undefined) return found;
  }
  return undefined;
}

async function tagsOf(arn: string, context: AwsContext): Promise<Tags> {
  const answer = await ignoreNotFound(
    context.aws.logs.listTagsForResource({ resourceArn: withoutWildcard(arn) }),
  );
  return fromTags(Object.entries(answer?.tags ?? {}).map(([key, value]) => ({ key, value })));
}

async function setRetention(
  days: number | undefined,
  logGroupName: string,
  context: AwsContext,
): Promise<void> {
  if (days !== undefined) {
    await context.aws.logs.putRetentionPolicy({ logGroupName, retentionInDays: days });
    return;
  }
  await ignoreNotFound(context.aws.logs.deleteRetentionPolicy({ logGroupName }));
}

/** CloudWatch Logs leaves the key out of the description of a group without one. */
const NO_KEY = { kmsKeyId: undefined };

const createInput = ({ logGroupName, logGroupClass, kmsKeyId, tags }: LogGroupDesired) => ({
  logGroupName,
  ...(logGroupClass !== undefined && { logGroupClass }),
  ...(kmsKeyId !== undefined && { kmsKeyId }),
  // The tags may be left out, but not be empty.
  ...(Object.keys(tags).length > 0 && { tags: { ...tags } }),
});
