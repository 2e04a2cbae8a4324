import type {
  PutScheduledActionCommandInput,
  ScheduledAction,
} from "@aws-sdk/client-application-auto-scaling";
import type { ApplicationAutoScalingApi } from "../../../aws/api.js";
import type { Account } from "../../core/account.js";
import { arnOf } from "../../core/arn.js";
import { parseSchedule, whenDue, withinPeriod, type Due } from "../../core/cron.js";
import { isTimezone } from "../../core/time-zone.js";
import { setBounds } from "./capacity.js";
import { noTarget, notFound, requireScaling, requireService, scalingPage, validation } from "./request.js";

type Handlers = Pick<
  ApplicationAutoScalingApi,
  "putScheduledAction" | "describeScheduledActions" | "deleteScheduledAction"
>;

export const createScheduledActions = (account: Account): Handlers => ({
  async putScheduledAction(input) {
    const resourceId = requireService(input);
    requireScaling(input, ["ScheduledActionName"]);
    const { scalableTargets, scheduledActions } = account.applicationAutoScaling;
    if (!scalableTargets.has(resourceId)) throw noTarget(resourceId);
    const { ScheduledActionName: name = "" } = input;
    if (name.length > 256 || /[:/|]|^ | $/.test(name))
      throw validation("The name of the action is not valid.");
    const key = `${resourceId}/${name}`;
    const before = scheduledActions.get(key);
    const description: ScheduledAction = {
      ScheduledActionName: name,
      ScheduledActionARN: arnOf(
        account,
        "autoscaling",
        `scheduledAction:${account.hex(32)}:resource/ecs/${resourceId}:scheduledActionName/${name}`,
      ),
      ServiceNamespace: "ecs",
      ScalableDimension: "ecs:service:DesiredCount",
      ResourceId: resourceId,
      Schedule: input.Schedule ?? before?.description.Schedule,
      // What an update leaves out is cleared.
      Timezone: input.Timezone,
      StartTime: input.StartTime,
      EndTime: input.EndTime,
      ScalableTargetAction: structuredClone(
        input.ScalableTargetAction ?? before?.description.ScalableTargetAction,
      ),
      CreationTime: new Date(account.clock.now()),
    };
    const due = check(account, input, description);
    before?.next.cancel();
    const next = whenDue(account.clock, due, (isLast) => {
      applyScheduledAction(account, description);
      if (isLast) scheduledActions.delete(key);
    });
    scheduledActions.set(key, { description, next });
    return {};
  },

  async describeScheduledActions(input) {
    requireScaling(input, ["ServiceNamespace"]);
    if (input.ScalableDimension !== undefined && input.ResourceId === undefined)
      throw validation("ResourceId must be specified when ScalableDimension is.");
    const found = [...account.applicationAutoScaling.scheduledActions.values()]
      .map(({ description }) => description)
      .filter(
        ({ ResourceId, ScheduledActionName = "" }) =>
          (input.ResourceId === undefined || input.ResourceId === ResourceId) &&
          (input.ScheduledActionNames?.includes(ScheduledActionName) ?? true),
      );
    const { items, nextToken } = scalingPage(found, input);
    return { ScheduledActions: items, NextToken: nextToken };
  },

  async deleteScheduledAction(input) {
    const resourceId = requireService(input);
    const { scheduledActions } = account.applicationAutoScaling;
    const key = `${resourceId}/${input.ScheduledActionName}`;
    const found = scheduledActions.get(key);
    if (found === undefined)
      throw notFound(`No scheduled action found for service namespace: ecs, resource ID: ${resourceId}`);
    found.next.cancel();
    scheduledActions.delete(key);
    return {};
  },
});

function check(
  account: Account,
  { ScalableTargetAction: action }: PutScheduledActionCommandInput,
  { Schedule: schedule, Timezone: timezone = "UTC", StartTime, EndTime }: ScheduledAction,
): Due {
  if (schedule === undefined) throw validation("Schedule must be specified.");
  if (!isTimezone(timezone)) throw validation(`Invalid timezone: ${timezone}`);
  if (action !== undefined && action.MinCapacity === undefined && action.MaxCapacity === undefined)
    throw validation("At least one of MinCapacity and MaxCapacity must be specified.");
  if (StartTime !== undefined && EndTime !== undefined && EndTime <= StartTime)
    throw validation("EndTime must be after StartTime.");
  const now = account.clock.now();
  const start = StartTime?.getTime();
  const due = parseSchedule(schedule, timezone, start ?? now);
  if (due === undefined) throw validation(`Invalid schedule: ${schedule}`);
  // The start and end limit a recurrence; `at(…)` is not limited by them.
  const bounded = schedule.startsWith("at(") ? due : withinPeriod(due, start, EndTime?.getTime());
  if (bounded.next(now) === undefined) throw validation(`The schedule ${schedule} lies in the past.`);
  return bounded;
}

/** Applies the new bounds, and moves the number of tasks within them. */
function applyScheduledAction(
  account: Account,
  { ResourceId = "", ScheduledActionName, ScalableTargetAction }: ScheduledAction,
) {
  const target = account.applicationAutoScaling.scalableTargets.get(ResourceId);
  if (target === undefined || target.SuspendedState?.ScheduledScalingSuspended === true) return;
  const { MinCapacity: min = target.MinCapacity ?? 0, MaxCapacity: max = target.MaxCapacity ?? 0 } =
    ScalableTargetAction ?? {};
  const cause = `scheduled action name ${ScheduledActionName} was triggered`;
  setBounds(account, target, { min, max }, cause);
}
