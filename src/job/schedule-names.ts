import { fitName } from "../spec/derive-name.js";
import { SCHEDULE_NAME } from "../spec/names.js";

/** A job's name is a deployment's, which may be longer than a schedule's. */
export const scheduleName = (job: string): string => fitName(SCHEDULE_NAME, job);

export const scheduleGroupName = (job: string): string => fitName(SCHEDULE_NAME, `quayside-${job}`);
