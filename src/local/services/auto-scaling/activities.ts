import type { Activity } from "@aws-sdk/client-auto-scaling";
import type { AutoScalingApi } from "../../../aws/api.js";
import type { Account } from "../../core/account.js";
import { autoScalingPage, findGroup } from "./request.js";
import type { AutoScalingGroup, ScalingActivity } from "./state.js";
import { appendBounded, RECORDED } from "../../core/append-bounded.js";

export function activities(account: Account): Pick<AutoScalingApi, "describeScalingActivities"> {
  return {
    async describeScalingActivities(input) {
      const groups =
        input.AutoScalingGroupName === undefined
          ? [...account.autoScaling.groups.values()]
          : [findGroup(account, input.AutoScalingGroupName)];
      const found = groups
        .flatMap((group) => group.activities.map((activity) => ({ group, activity })))
        .filter(({ activity }) => input.ActivityIds?.includes(activity.id) ?? true)
        .reverse();
      const { items, nextToken } = autoScalingPage(found, input);
      return {
        Activities: items.map(({ group, activity }) => describeActivity(group, activity)),
        NextToken: nextToken,
      };
    },
  };
}

export const describeActivity = (group: AutoScalingGroup, activity: ScalingActivity): Activity => ({
  ActivityId: activity.id,
  AutoScalingGroupName: group.name,
  AutoScalingGroupARN: group.arn,
  Description: activity.description,
  Cause: activity.cause,
  StartTime: activity.startedAt,
  EndTime: activity.endedAt,
  StatusCode: activity.status,
  StatusMessage: activity.statusMessage,
  Progress: activity.status === "InProgress" ? 50 : 100,
});

export function startActivity(
  account: Account,
  group: AutoScalingGroup,
  description: string,
  cause: string,
): ScalingActivity {
  const hex = account.hex(32);
  const activity: ScalingActivity = {
    id: hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-"),
    startedAt: new Date(account.clock.now()),
    endedAt: undefined,
    description,
    cause,
    status: "InProgress",
    statusMessage: undefined,
  };
  appendBounded(group.activities, activity, RECORDED.activities);
  return activity;
}

export function endActivity(
  account: Account,
  activity: ScalingActivity,
  status: "Successful" | "Failed",
  message?: string,
): void {
  activity.status = status;
  activity.statusMessage = message;
  activity.endedAt = new Date(account.clock.now());
}
