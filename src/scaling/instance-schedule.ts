import type { ScheduledUpdateGroupAction } from "@aws-sdk/client-auto-scaling";
import { mayHaveGroup } from "../aws/auto-scaling-group-exists.js";
import type { AwsContext } from "../aws/context.js";
import { ignoreNotFound } from "../aws/not-found.js";
import { ownerName } from "../aws/owner.js";
import { paginate } from "../aws/paginate.js";
import { OWNER_TAG } from "../aws/tags.js";
import { UNKNOWN, type Kind, type Tagged } from "../engine/kind.js";
import { autoScalingGroupName } from "../spec/derived-names.js";
import { isQuaysideName } from "./quayside-name.js";

export interface InstanceScheduleDesired extends Tagged {
  readonly groupName: string;
  readonly actionName: string;
  /** A cron expression of Unix; either this or `start`. */
  readonly recurrence: string | undefined;
  /** ISO 8601. */
  readonly start: string | undefined;
  readonly timezone: string | undefined;
  readonly min: number | undefined;
  readonly max: number | undefined;
}

export interface InstanceScheduleState {
  readonly groupName: string;
  readonly actionName: string;
}

/** New bounds of an Auto Scaling group, at a certain time. */
export const instanceScheduleKind: Kind<InstanceScheduleDesired, InstanceScheduleState, AwsContext> = {
  kind: "instance-schedule",
  unknown: { groupName: UNKNOWN, actionName: UNKNOWN },
  dependsOn: ["auto-scaling-group"],
  immutable: ["groupName", "actionName"],

  async read(desired, context) {
    const { groupName, actionName, recurrence, tags } = desired;
    const found = (await describe(groupName, context)).find(
      (each) => each.ScheduledActionName === actionName,
    );
    if (found === undefined) return undefined;
    return {
      state: { groupName, actionName },
      current: {
        groupName,
        actionName,
        recurrence: found.Recurrence,
        // For a recurrence, AWS fills in its next start.
        start: recurrence === undefined ? found.StartTime?.toISOString() : undefined,
        ...(found.TimeZone === undefined ? {} : { timezone: found.TimeZone }),
        min: found.MinSize,
        max: found.MaxSize,
      },
      tags,
    };
  },

  create: put,

  async update(desired, { state }, changes, context) {
    // A put may keep the fields that it omits: the action is deleted first.
    if (changes.some(({ after }) => after === undefined)) await remove(state, context);
    return put(desired, context);
  },

  delete: remove,

  async findOwned(owner, context) {
    const cluster = ownerName(owner, "cluster");
    if (cluster === undefined) return [];
    const groupName = autoScalingGroupName(cluster);
    return (await describe(groupName, context))
      .filter(({ ScheduledActionName }) => isQuaysideName(ScheduledActionName))
      .map(({ ScheduledActionName: actionName = "" }) => ({
        name: `${groupName}/${actionName}`,
        state: { groupName, actionName },
        tags: { [OWNER_TAG]: owner },
      }));
  },
};

async function remove({ groupName, actionName }: InstanceScheduleState, { aws }: AwsContext): Promise<void> {
  await ignoreNotFound(
    aws.autoScaling.deleteScheduledAction({
      AutoScalingGroupName: groupName,
      ScheduledActionName: actionName,
    }),
  );
}

async function put(desired: InstanceScheduleDesired, { aws }: AwsContext): Promise<InstanceScheduleState> {
  const { groupName, actionName, recurrence, start, timezone, min, max } = desired;
  await aws.autoScaling.putScheduledUpdateGroupAction({
    AutoScalingGroupName: groupName,
    ScheduledActionName: actionName,
    ...(recurrence === undefined ? {} : { Recurrence: recurrence }),
    ...(start === undefined ? {} : { StartTime: new Date(start) }),
    ...(timezone === undefined ? {} : { TimeZone: timezone }),
    ...(min === undefined ? {} : { MinSize: min }),
    ...(max === undefined ? {} : { MaxSize: max }),
  });
  return { groupName, actionName };
}

async function describe(
  AutoScalingGroupName: string,
  context: AwsContext,
): Promise<ScheduledUpdateGroupAction[]> {
  if (!(await mayHaveGroup(AutoScalingGroupName, context))) return [];
  return paginate(
    "NextToken",
    (next) =>
      ignoreNotFound(context.aws.autoScaling.describeScheduledActions({ AutoScalingGroupName, ...next })),
    ({ ScheduledUpdateGroupActions }) => ScheduledUpdateGroupActions,
  );
}
