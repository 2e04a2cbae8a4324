import type { AutoScalingPort } from "../../../aws/ports.js";
import type { World } from "../../kernel/world.js";
import { autoScalingPage, findGroup, requireAutoScaling, validationError } from "./request.js";

type Handlers = Pick<
  AutoScalingPort,
  | "putScheduledUpdateGroupAction"
  | "describeScheduledActions"
  | "deleteScheduledAction"
  | "setInstanceProtection"
>;

/** They are kept, and do not happen: on the virtual clock, tomorrow would come at once. */
export const createGroupSchedules = (world: World): Handlers => ({
  async putScheduledUpdateGroupAction(input) {
    requireAutoScaling(input, ["AutoScalingGroupName", "ScheduledActionName"]);
    const group = findGroup(world, input.AutoScalingGroupName);
    const { ScheduledActionName: name = "", Recurrence, StartTime, TimeZone, MinSize, MaxSize } = input;
    if (name.length > 255) throw validationError("The name of the action is too long.");
    if (Recurrence === undefined && StartTime === undefined)
      throw validationError("Either a start time or a recurrence must be specified.");
    if (Recurrence !== undefined && Recurrence.trim().split(/\s+/).length !== 5)
      throw validationError(`Given recurrence string:${Recurrence} is invalid`);
    if (StartTime !== undefined && StartTime.getTime() <= world.clock.now())
      throw validationError("Given start time is in the past");
    if (MinSize === undefined && MaxSize === undefined && input.DesiredCapacity === undefined)
      throw validationError("At least one of MinSize, MaxSize and DesiredCapacity must be specified.");
    group.scheduledActions.set(name, {
      AutoScalingGroupName: group.name,
      ScheduledActionName: name,
      ScheduledActionARN: `arn:${world.partition}:autoscaling:${world.region}:${world.accountId}:scheduledUpdateGroupAction:${world.hex(32)}:autoScalingGroupName/${group.name}:scheduledActionName/${name}`,
      Recurrence,
      StartTime,
      TimeZone,
      MinSize,
      MaxSize,
      DesiredCapacity: input.DesiredCapacity,
    });
    return {};
  },

  async describeScheduledActions(input) {
    const groups =
      input.AutoScalingGroupName === undefined
        ? [...world.autoScaling.groups.values()]
        : [findGroup(world, input.AutoScalingGroupName)];
    const found = groups
      .flatMap(({ scheduledActions }) => [...scheduledActions.values()])
      .filter(
        ({ ScheduledActionName = "" }) => input.ScheduledActionNames?.includes(ScheduledActionName) ?? true,
      );
    const { items, nextToken } = autoScalingPage(found, input);
    return { ScheduledUpdateGroupActions: items, NextToken: nextToken };
  },

  async deleteScheduledAction(input) {
    const { scheduledActions } = findGroup(world, input.AutoScalingGroupName);
    if (!scheduledActions.delete(input.ScheduledActionName ?? ""))
      throw validationError(`Scheduled action ${input.ScheduledActionName} not found`);
    return {};
  },

  async setInstanceProtection(input) {
    requireAutoScaling(input, ["AutoScalingGroupName", "InstanceIds"]);
    const group = findGroup(world, input.AutoScalingGroupName);
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
