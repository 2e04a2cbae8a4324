import type { ApplicationAutoScalingPort } from "../../../aws/ports.js";
import type { World } from "../../kernel/world.js";
import { noTarget, notFound, requireScaling, requireService, scalingPage, validation } from "./request.js";

type Handlers = Pick<
  ApplicationAutoScalingPort,
  "putScheduledAction" | "describeScheduledActions" | "deleteScheduledAction"
>;

const TIME = /^(cron\(\S+( +\S+){5}\)|rate\(\d+ (minute|hour|day)s?\)|at\(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\))$/;

/** They are kept, and do not happen: on the virtual clock, tomorrow would come at once. */
export const createScheduledActions = (world: World): Handlers => ({
  async putScheduledAction(input) {
    const resourceId = requireService(input);
    requireScaling(input, ["ScheduledActionName"]);
    const { scalableTargets, scheduledActions } = world.applicationAutoScaling;
    if (!scalableTargets.has(resourceId)) throw noTarget(resourceId);
    const { ScheduledActionName: name = "", Schedule: schedule, ScalableTargetAction: action } = input;
    if (name.length > 256 || /[:/|]|^ | $/.test(name))
      throw validation("The name of the action is not valid.");
    const key = `${resourceId}/${name}`;
    const before = scheduledActions.get(key);
    if (schedule === undefined && before === undefined) throw validation("Schedule must be specified.");
    if (schedule !== undefined && !TIME.test(schedule)) throw validation(`Invalid schedule: ${schedule}`);
    if (action !== undefined && action.MinCapacity === undefined && action.MaxCapacity === undefined)
      throw validation("At least one of MinCapacity and MaxCapacity must be specified.");
    scheduledActions.set(key, {
      ScheduledActionName: name,
      ScheduledActionARN: `arn:${world.partition}:autoscaling:${world.region}:${world.accountId}:scheduledAction:${world.hex(32)}:resource/ecs/${resourceId}:scheduledActionName/${name}`,
      ServiceNamespace: "ecs",
      ScalableDimension: "ecs:service:DesiredCount",
      ResourceId: resourceId,
      Schedule: schedule ?? before?.Schedule,
      Timezone: input.Timezone,
      ScalableTargetAction: structuredClone(action ?? before?.ScalableTargetAction),
      CreationTime: new Date(world.clock.now()),
    });
    return {};
  },

  async describeScheduledActions(input) {
    requireScaling(input, ["ServiceNamespace"]);
    const found = [...world.applicationAutoScaling.scheduledActions.values()].filter(
      ({ ResourceId, ScheduledActionName = "" }) =>
        (input.ResourceId === undefined || input.ResourceId === ResourceId) &&
        (input.ScheduledActionNames?.includes(ScheduledActionName) ?? true),
    );
    const { items, nextToken } = scalingPage(found, input);
    return { ScheduledActions: items, NextToken: nextToken };
  },

  async deleteScheduledAction(input) {
    const resourceId = requireService(input);
    const key = `${resourceId}/${input.ScheduledActionName}`;
    if (!world.applicationAutoScaling.scheduledActions.delete(key))
      throw notFound(`No scheduled action found for service namespace: ecs, resource ID: ${resourceId}`);
    return {};
  },
});
