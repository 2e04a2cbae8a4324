import type { EcsApi, SchedulerApi } from "../../../aws/api.js";
import type { Account } from "../../core/account.js";
import { scheduleGroupLists } from "./schedule-group-lists.js";
import { scheduleGroups } from "./schedule-groups.js";
import { schedules } from "./schedules.js";

/** EventBridge Scheduler, with targets that run ECS tasks. */
export const createScheduler = (account: Account, ecs: EcsApi): SchedulerApi => ({
  ...scheduleGroups(account),
  ...schedules(account, ecs),
  ...scheduleGroupLists(account),
});
