import { isPlainObject } from "./frozen-copy.js";
import type { ScheduleEntry } from "./scaling-options.js";
import type { ScheduleSpec } from "./scaling-spec.js";
import type { Issues } from "./issues.js";
import { OptionsReader } from "./options-reader.js";
import { show } from "./show.js";
import { unixCron } from "./unix-cron.js";

/*
 * Sources: Application Auto Scaling API reference, PutScheduledAction; Amazon EC2 Auto Scaling API
 * reference, PutScheduledUpdateGroupAction.
 */
const FIELD = String.raw`[\dA-Za-z*?,\-/#]+`;
const CRON = new RegExp(String.raw`^cron\(${FIELD}( +${FIELD}){5}\)$`);
const RATE = /^rate\(\d+ (minute|hour|day)s?\)$/;
const AT = /^at\((\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})\)$/;

export function readSchedule(
  value: unknown,
  path: string,
  scaled: "tasks" | "instances",
  issues: Issues,
): readonly ScheduleSpec[] {
  if (value === undefined) return [];
  if (!Array.isArray(value)) {
    issues.add(path, `must be an array of { at, timezone, min, max }; got ${show(value)}`);
    return [];
  }
  const entries = value.map((entry: unknown, index) => readEntry(entry, `${path}.${index}`, scaled, issues));
  entries.forEach(({ at, timezone }, index) => {
    const first = entries.findIndex((other) => other.at === at && other.timezone === timezone);
    if (at !== "" && first < index)
      issues.add(`${path}.${index}.at`, `is the same time as ${path}.${first}: say both bounds in one`);
  });
  return entries;
}

function readEntry(
  value: unknown,
  path: string,
  scaled: "tasks" | "instances",
  issues: Issues,
): ScheduleSpec {
  const options = new OptionsReader<ScheduleEntry>(value ?? null, path, issues);
  const at = options.raw("at");
  const problem = timeProblem(at, scaled);
  if (problem !== undefined) options.issue("at", `${problem}; got ${show(at)}`);
  const timezone = options.string("timezone", 'an IANA time zone, such as "Europe/Paris"');
  if (timezone !== undefined && !isTimezone(timezone))
    options.issue("timezone", `must be an IANA time zone, such as "Europe/Paris"; got ${show(timezone)}`);
  const min = options.integer("min", { min: 0 });
  const max = options.integer("max", { min: 0 });
  options.close();
  if (min !== undefined && max !== undefined && min > max)
    options.issue("min", `must be at most max, ${max}; got ${min}`);
  if (isPlainObject(value) && min === undefined && max === undefined)
    issues.add(path, "must change something: give it min, max or both");
  return { at: problem === undefined ? (at as string) : "", timezone, min, max };
}

function timeProblem(at: unknown, scaled: "tasks" | "instances"): string | undefined {
  const forms =
    scaled === "tasks"
      ? 'must be "cron(0 8 * * ? *)" with six fields, "rate(1 day)" or "at(2026-12-31T18:00:00)"'
      : 'must be "cron(0 8 * * ? *)" with six fields, or "at(2026-12-31T18:00:00)"';
  if (typeof at !== "string") return forms;
  const date = AT.exec(at)?.[1];
  if (date !== undefined) return Number.isNaN(Date.parse(`${date}Z`)) ? forms : undefined;
  if (scaled === "tasks") return CRON.test(at) || RATE.test(at) ? undefined : forms;
  if (!CRON.test(at)) return forms;
  return unixCron(at) === undefined
    ? "of instances can have neither a year nor L, W or #, which EC2 Auto Scaling does not know"
    : undefined;
}

export function isTimezone(timezone: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: timezone });
    return true;
  } catch {
    return false;
  }
}
