import type {
  PutScheduledUpdateGroupActionCommandInput,
  ScheduledUpdateGroupAction,
} from "@aws-sdk/client-auto-scaling";
import type { AutoScalingApi } from "../../../aws/api.js";
import type { Account } from "../../core/account.js";
import { arnOf } from "../../core/arn.js";
import { onceAt, parseRecurrence, whenDue, withinPeriod, type Due } from "../../core/cron.js";
import { notifyChanged } from "../../core/notify-changed.js";
import { isTimezone } from "../../core/time-zone.js";
import { endActivity, startActivity } from "./activities.js";
import { scheduleCapacityCheck } from "./capacity.js";
import { checkBounds } from "./group-settings.js";
import { autoScalingPage, findGroup, requireAutoScaling, validationError } from "./request.js";
import type { AutoScalingGroup } from "./state.js";

type Handlers = Pick<
  AutoScalingApi,
  | "putScheduledUpdateGroupAction"
  | "describeScheduledActions"
  | "deleteScheduledAction"
  | "setInstanceProtection"
>;

export const createGroupSchedules = (account: Account): Handlers => ({
  async putScheduledUpdateGroupAction(input) {
    requireAutoScaling(input, ["AutoScalingGroupName", "ScheduledActionName"]);
    const group = findGroup(account, input.AutoScalingGroupName);
    const due = check(account, input);
    const { ScheduledActionName: name = "" } = input;
    const description: ScheduledUpdateGroupAction = {
      AutoScalingGroupName: group.name,
      ScheduledActionName: name,
      ScheduledActionARN: arnOf(
        account,
        "autoscaling",
        `scheduledUpdateGroupAction:${account.hex(32)}:autoScalingGroupName/${group.name}:scheduledActionName/${name}`,
      ),
      Recurrence: input.Recurrence,
      StartTime: input.StartTime,
      EndTime: input.EndTime,
      TimeZone: input.TimeZone,
      MinSize: input.MinSize,
      MaxSize: input.MaxSize,
      DesiredCapacity: input.DesiredCapacity,
    };
    group.scheduledActions.get(name)?.next.cancel();
    const next = whenDue(account.clock, due, (isLast) => {
      applyScheduledAction(account, group, description);
      if (isLast) group.scheduledActions.delete(name);
    });
    group.scheduledActions.set(name, { description, due, next });
    return {};
  },

  async describeScheduledActions(input) {
    const groups =
      input.AutoScalingGroupName === undefined
        ? [...account.autoScaling.groups.values()]
        : [findGroup(account, input.AutoScalingGroupName)];
    const found = groups
      .flatMap(({ scheduledActions }) => [...scheduledActions.values()])
      .map(({ description, due }) => {
        // The start time of a recurring action is its next occurrence.
        const StartTime = new Date(due.next(account.clock.now()) ?? 0);
        return { ...description, StartTime, Time: StartTime };
      })
      .filter(
        ({ ScheduledActionName = "" }) => input.ScheduledActionNames?.includes(ScheduledActionName) ?? true,
      );
    const { items, nextToken } = autoScalingPage(found, input);
    return { ScheduledUpdateGroupActions: items, NextToken: nextToken };
  },

  async deleteScheduledAction(input) {
    const { scheduledActions } = findGroup(account, input.AutoScalingGroupName);
    const { ScheduledActionName: name = "" } = input;
    const found = scheduledActions.get(name);
    if (found === undefined) throw validationError(`Scheduled action ${name} not found`);
    found.next.cancel();
    scheduledActions.delete(name);
    return {};
  },

  async setInstanceProtection(input) {
    requireAutoScaling(input, ["AutoScalingGroupName", "InstanceIds"]);
    const group = findGroup(account, input.AutoScalingGroupName);
    const ids = input.InstanceIds ?? [];
    if (ids.length > 50) throw validationError("InstanceIds takes at most 50 values.");
    for (const id of ids) {
      const member = group.instances.get(id);
      if (member?.lifecycle !== "InService")
        throw validationError(`The instance ${id} is not part of Auto Scaling group ${group.name}.`);
      member.protected = input.ProtectedFromScaleIn ?? false;
    }
    return {};
  },
});

function check(account: Account, input: PutScheduledUpdateGroupActionCommandInput): Due {
  const { ScheduledActionName: name = "", Recurrence, StartTime, EndTime, TimeZone: zone = "UTC" } = input;
  const now = account.clock.now();
  if (name.length > 255) throw validationError("The name of the action is too long.");
  if (!isTimezone(zone)) throw validationError(`Given time zone:${zone} is invalid`);
  if (StartTime !== undefined && StartTime.getTime() <= now)
    throw validationError("Given start time is in the past");
  if (EndTime !== undefined && EndTime.getTime() <= (StartTime?.getTime() ?? now))
    throw validationError("Given end time is before the start time");
  const { MinSize: min, MaxSize: max, DesiredCapacity: desired } = input;
  if (min === undefined && max === undefined && desired === undefined)
    throw validationError("At least one of MinSize, MaxSize and DesiredCapacity must be specified.");
  if (min !== undefined && max !== undefined) checkBounds(min, max);
  if (Recurrence === undefined) {
    if (StartTime === undefined)
      throw validationError("Either a start time or a recurrence must be specified.");
    return onceAt(StartTime.getTime());
  }
  const due = parseRecurrence(Recurrence, zone);
  if (due === undefined) throw validationError(`Given recurrence string:${Recurrence} is invalid`);
  return withinPeriod(due, StartTime?.getTime(), EndTime?.getTime());
}

/** Applies new bounds and the desired capacity; contradictory values fail, and change nothing. */
function applyScheduledAction(
  account: Account,
  group: AutoScalingGroup,
  action: ScheduledUpdateGroupAction,
): void {
  if (group.deleting) return;
  const { MinSize: min = group.min, MaxSize: max = group.max } = action;
  const desired = action.DesiredCapacity ?? Math.min(max, Math.max(min, group.desired));
  const at = new Date(account.clock.now()).toISOString();
  const cause = `At ${at} a scheduled action update of AutoScalingGroup constraints to min: ${min}, max: ${max}, desired: ${desired} changing the desired capacity from ${group.desired} to ${desired}.  `;
  if (min > max || desired < min || desired > max) {
    const description = `Scheduled action ${action.ScheduledActionName} could not be performed.`;
    const why = `Desired capacity:${desired} must be between the specified min size:${min} and max size:${max}`;
    return endActivity(account, startActivity(account, group, description, cause), "Failed", why);
  }
  if (desired !== group.desired) group.cause = cause;
  group.min = min;
  group.max = max;
  group.desired = desired;
  scheduleCapacityCheck(account, group);
  notifyChanged(account);
}
