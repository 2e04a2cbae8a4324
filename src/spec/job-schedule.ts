import type { JobInput } from "./input.js";
import type { Issues } from "./parsing/issues.js";
import { textOf } from "./parsing/format-value.js";
import { OptionsReader } from "./parsing/options-reader.js";
import { parseTimezone } from "./parsing/timezone.js";
import { scheduleProblem } from "./schedule-expression.js";

/** Options of a job's schedule. */
export interface ScheduleOptions {
  /** An IANA time zone, such as `"Europe/Paris"`; the schedule follows its daylight saving time. @defaultValue `"UTC"` */
  readonly timezone?: string | undefined;
  /** The number of tasks per run, 1 to 10. @defaultValue 1 */
  readonly count?: number | undefined;
  /** False to pause the schedule without deleting it. @defaultValue `true` */
  readonly enabled?: boolean | undefined;
}

export interface JobScheduleSpec {
  /** `cron(0 3 * * ? *)`, `rate(1 hour)` or `at(2026-12-24T18:00:00)`. */
  readonly expression: string;
  readonly timezone: string;
  /** The number of tasks per run. */
  readonly count: number;
  readonly enabled: boolean;
}

/** Source: EventBridge Scheduler's EcsParameters. */
const COUNT = { min: 1, max: 10 };

export function parseJobSchedule(input: JobInput["schedule"], issues: Issues): JobScheduleSpec | undefined {
  if (input === undefined) return undefined;
  const { expression } = input;
  const problem = scheduleProblem(expression);
  if (problem !== undefined) issues.add("schedule", problem);
  const options = new OptionsReader<ScheduleOptions>(input.options, "schedule", issues);
  const timezone = parseTimezone(options) ?? "UTC";
  const count = options.integer("count", COUNT) ?? 1;
  const enabled = options.boolean("enabled") ?? true;
  options.close();
  return { expression: textOf(expression), timezone, count, enabled };
}
