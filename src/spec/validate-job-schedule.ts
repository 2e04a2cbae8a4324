import type { JobScheduleSpec } from "./deployment-spec.js";
import type { JobInput } from "./input.js";
import type { Issues } from "./issues.js";
import { OptionsReader } from "./options-reader.js";
import type { ScheduleOptions } from "./schedule-options.js";
import { show } from "./show.js";
import { isTimezone } from "./validate-schedule.js";

/** Source: EventBridge Scheduler's EcsParameters. */
const COUNT = { min: 1, max: 10 };

export function readJobSchedule(input: JobInput["schedule"], issues: Issues): JobScheduleSpec | undefined {
  if (input === undefined) return undefined;
  const { expression } = input;
  const problem = scheduleProblem(expression);
  if (problem !== undefined) issues.add("schedule", problem);
  const options = new OptionsReader<ScheduleOptions>(input.options, "schedule", issues);
  const timezone = options.string("timezone", 'an IANA time zone such as "Europe/Paris"') ?? "UTC";
  if (!isTimezone(timezone))
    options.issue("timezone", `must be an IANA time zone such as "Europe/Paris"; got ${show(timezone)}`);
  const count = options.integer("count", COUNT) ?? 1;
  const enabled = options.boolean("enabled") ?? true;
  options.close();
  return { expression: String(expression), timezone, count, enabled };
}

/** Why AWS would refuse the expression; `undefined` when it takes it. */
export function scheduleProblem(expression: unknown): string | undefined {
  const [, kind, inside = ""] = /^(cron|rate|at)\((.*)\)$/.exec(String(expression)) ?? [];
  if (typeof expression !== "string" || kind === undefined) {
    return `must be cron(minutes hours day-of-month month day-of-week year), rate(5 minutes) or at(2030-01-31T18:00:00); got ${show(expression)}`;
  }
  if (kind === "rate" && !isRate(inside))
    return `must be a rate such as rate(1 hour) or rate(5 minutes); got ${show(expression)}`;
  if (kind === "at" && !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/.test(inside))
    return `must be a moment such as at(2030-01-31T18:00:00); got ${show(expression)}`;
  if (kind !== "cron") return undefined;
  const fields = inside.trim().split(/\s+/);
  if (fields.length !== 6 || !fields.every((field) => /^[\dA-Za-z*?,/#LW-]+$/.test(field)))
    return `must have six fields, minutes hours day-of-month month day-of-week year; got ${show(expression)}`;
  if ((fields[2] === "?") === (fields[4] === "?"))
    return `must have ? as either the day of the month or the day of the week; got ${show(expression)}`;
  return undefined;
}

function isRate(text: string): boolean {
  const [, count = "0", plural] = /^(\d+) (?:minute|hour|day)(s?)$/.exec(text) ?? [];
  return Number(count) > 0 && (Number(count) === 1) === (plural === "");
}
