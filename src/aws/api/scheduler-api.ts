import type * as Scheduler from "@aws-sdk/client-scheduler";
import type { Operation } from "../operation.js";

/** EventBridge Scheduler. */
export interface SchedulerApi {
  createScheduleGroup: Operation<
    Scheduler.CreateScheduleGroupCommandInput,
    Scheduler.CreateScheduleGroupCommandOutput
  >;
  getScheduleGroup: Operation<
    Scheduler.GetScheduleGroupCommandInput,
    Scheduler.GetScheduleGroupCommandOutput
  >;
  deleteScheduleGroup: Operation<
    Scheduler.DeleteScheduleGroupCommandInput,
    Scheduler.DeleteScheduleGroupCommandOutput
  >;
  createSchedule: Operation<Scheduler.CreateScheduleCommandInput, Scheduler.CreateScheduleCommandOutput>;
  getSchedule: Operation<Scheduler.GetScheduleCommandInput, Scheduler.GetScheduleCommandOutput>;
  updateSchedule: Operation<Scheduler.UpdateScheduleCommandInput, Scheduler.UpdateScheduleCommandOutput>;
  deleteSchedule: Operation<Scheduler.DeleteScheduleCommandInput, Scheduler.DeleteScheduleCommandOutput>;
  listSchedules: Operation<Scheduler.ListSchedulesCommandInput, Scheduler.ListSchedulesCommandOutput>;
  listTagsForResource: Operation<
    Scheduler.ListTagsForResourceCommandInput,
    Scheduler.ListTagsForResourceCommandOutput
  >;
  tagResource: Operation<Scheduler.TagResourceCommandInput, Scheduler.TagResourceCommandOutput>;
}
