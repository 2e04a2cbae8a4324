import type { JobScheduleSpec } from "./deployment-spec.js";
import { formatValue } from "./parsing/format-value.js";
import type { JobInput } from "./input.js";
import type { Issues } from "./parsing/issues.js";
import type { ScheduleOptions } from "./options/schedule-options.js";
import { scheduleProblem } from "./schedule-expression.js";
import { OptionsReader } from "./parsing/options-reader.js";
import { isTimezone } from "./scaling/scaling-schedule.js";

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
