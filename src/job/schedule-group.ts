import type { AwsContext } from "../aws/context.js";
import { hasErrorCode } from "../aws/error-code.js";
import { ignoreNotFound } from "../aws/not-found.js";
import { ownerName } from "../aws/owner.js";
import { fromTags, OWNER_TAG, toTagList } from "../aws/tags.js";
import { hasChanges } from "../engine/diff.js";
import { UNKNOWN, type Kind, type Tagged, type Tags } from "../engine/kind.js";
import { poll } from "../engine/poll.js";
import { stableHash } from "../engine/stable-hash.js";
import { scheduleGroupName } from "../spec/derived-names.js";

export interface ScheduleGroupDesired extends Tagged {
  readonly groupName: string;
}

export interface ScheduleGroupState {
  readonly arn: string;
  readonly groupName: string;
}

/**
 * A schedule group for every job. Schedules cannot have tags, but groups can: the group's tags say who owns
 * its schedule.
 */
export const scheduleGroupKind: Kind<ScheduleGroupDesired, ScheduleGroupState, AwsContext> = {
  kind: "schedule-group",
  unknown: { arn: UNKNOWN, groupName: UNKNOWN },
  immutable: ["groupName"],

  async read({ groupName }, context) {
    const found = await describeGroup(groupName, context);
    return found && { state: found.state, current: { groupName }, tags: found.tags };
  },

  async create({ groupName, tags }, context) {
    await waitUntilDeleted(groupName, context);
    const { ScheduleGroupArn = "" } = await context.aws.scheduler.createScheduleGroup({
      Name: groupName,
      Tags: toTagList(tags),
      ClientToken: `quayside-${stableHash([groupName, tags, context.startedAt])}`,
    });
    return { arn: ScheduleGroupArn, groupName };
  },

  async update(desired, { state }, changes, context) {
    if (hasChanges(changes, "tags"))
      await context.aws.scheduler.tagResource({ ResourceArn: state.arn, Tags: toTagList(desired.tags) });
    return state;
  },

  alreadyExists: (error) => hasErrorCode(error, "ConflictException"),

  /** Deletes the group with its schedules. */
  async delete({ groupName }, context) {
    await ignoreNotFound(context.aws.scheduler.deleteScheduleGroup({ Name: groupName }));
    await waitUntilDeleted(groupName, context);
  },

  /** Its name follows from the owner's, so that there is only one to look for. */
  async findOwned(owner, context) {
    const job = ownerName(owner, "job");
    if (job === undefined) return [];
    const groupName = scheduleGroupName(job);
    const found = await describeGroup(groupName, context);
    return found?.tags[OWNER_TAG] === owner
      ? [{ name: groupName, state: found.state, tags: found.tags }]
      : [];
  },

  dependsOn: ["iam-role", "task-definition", "cluster", "security-group"],
};

/** The group; one that is being deleted counts as not existing. */
export async function describeGroup(
  groupName: string,
  { aws }: AwsContext,
): Promise<{ readonly state: ScheduleGroupState; readonly tags: Tags } | undefined> {
  const found = await ignoreNotFound(aws.scheduler.getScheduleGroup({ Name: groupName }));
  if (found?.Arn === undefined || found.State === "DELETING") return undefined;
  const tagged = await ignoreNotFound(aws.scheduler.listTagsForResource({ ResourceArn: found.Arn }));
  return { state: { arn: found.Arn, groupName }, tags: fromTags(tagged?.Tags) };
}

/** A group that is being deleted keeps its name for a while. */
async function waitUntilDeleted(groupName: string, context: AwsContext): Promise<void> {
  const what = `schedule group ${groupName} to be deleted`;
  await poll({ context, every: 5_000, timeout: 5 * 60_000, what }, async () => {
    const found = await ignoreNotFound(context.aws.scheduler.getScheduleGroup({ Name: groupName }));
    return found?.State === "DELETING" ? undefined : true;
  });
}
