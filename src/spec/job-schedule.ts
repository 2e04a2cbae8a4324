import type { JobInput } from "./input.js";
import { formatValue } from "./parsing/format-value.js";
import type { Issues } from "./parsing/issues.js";
import { OptionsReader } from "./parsing/options-reader.js";
import { isTimezone } from "./parsing/timezone.js";
import { scheduleProblem } from "./schedule-expression.js";

/** When and how a job runs by itself. */
export interface ScheduleOptions {
  /** An IANA time zone, such as `"Europe/Paris"`; clock changes are followed. @defaultValue `"UTC"` */
  readonly timezone?: string | undefined;
  /** Tasks each time, 1 to 10. @defaultValue 1 */
  readonly count?: number | undefined;
  /** Whether it runs: a schedule that is off stays as it is. @defaultValue `true` */
  readonly enabled?: boolean | undefined;
}

export interface JobScheduleSpec {
  /** `cron(0 3 * * ? *)`, `rate(1 hour)` or `at(2026-12-24T18:00:00)`. */
  readonly expression: string;
  readonly timezone: string;
  /** Tasks each time. */
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
  const timezone = options.string("timezone", 'an IANA time zone such as "Europe/Paris"') ?? "UTC";
  if (!isTimezone(timezone))
    options.issue(
      "timezone",
      `must be an IANA time zone such as "Europe/Paris"; got ${formatValue(timezone)}`,
    );
  const count = options.integer("count", COUNT) ?? 1;
  const enabled = options.boolean("enabled") ?? true;
  options.close();
  return { expression: String(expression), timezone, count, enabled };
}
