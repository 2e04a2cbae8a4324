import type { EcsPort, SchedulerPort } from "../../../aws/api.js";
import type { World } from "../../core/account.js";
import { scheduleGroups } from "./schedule-groups.js";
import { schedules } from "./schedules.js";

/** EventBridge Scheduler, with targets that run ECS tasks. */
export const createScheduler = (world: World, ecs: EcsPort): SchedulerPort => ({
  ...scheduleGroups(world),
  ...schedules(world, ecs),
});
