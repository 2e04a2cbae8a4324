import { formatValue } from "../parsing/format-value.js";
import { isPlainObject } from "../parsing/frozen-copy.js";
import type { Issues } from "../parsing/issues.js";
import { OptionsReader } from "../parsing/options-reader.js";
import { parseTimezone } from "../parsing/timezone.js";
import { scheduleProblem } from "../schedule-expression.js";
import { unixCron } from "./unix-cron.js";

/**
 * A scheduled change of the minimum, the maximum, or both. The number is moved into the new bounds at once. A
 * lower minimum alone removes nothing: a lower maximum or the scaling policies do. Time zones follow daylight
 * saving time.
 */
export interface ScheduleEntry {
  /**
   * The time: `cron(minutes hours day-of-month month day-of-week year)`, `rate(1 day)` (services only) or
   * `at(2026-12-31T18:00:00)`, which has no effect once it has passed.
   */
  readonly at: string;
  /** An IANA time zone for `cron` and `at`, such as `"Europe/Paris"`. @defaultValue `"UTC"` */
  readonly timezone?: string | undefined;
  /** The new minimum. @defaultValue unchanged */
  readonly min?: number | undefined;
  /** The new maximum. @defaultValue unchanged */
  readonly max?: number | undefined;
}

export interface ScheduleSpec {
  /** The expression in Application Auto Scaling's format. */
  readonly at: string;
  readonly timezone: string | undefined;
  readonly min: number | undefined;
  readonly max: number | undefined;
}

/** The bounds without any schedule. */
interface Bounds {
  readonly min: number;
  readonly max: number;
}

/**
 * Scheduled actions of one scalable target, and of one group. Sources: "Quotas for Application Auto Scaling" and
 * "Quotas for Amazon EC2 Auto Scaling".
 */
const MAX_ENTRIES = { tasks: 200, instances: 125 };

export function parseSchedule(
  value: unknown,
  path: string,
  scaled: "tasks" | "instances",
  bounds: Bounds,
  issues: Issues,
): readonly ScheduleSpec[] {
  if (value === undefined) return [];
  if (!Array.isArray(value)) {
    issues.add(path, `must be an array of { at, timezone, min, max }; got ${formatValue(value)}`);
    return [];
  }
  if (value.length > MAX_ENTRIES[scaled]) {
    issues.add(
      path,
      `must be at most ${MAX_ENTRIES[scaled]} entries, which is AWS's quota; got ${value.length}`,
    );
    return [];
  }
  const entries = value.map((entry: unknown, index) => parseEntry(entry, `${path}.${index}`, scaled, issues));
  entries.forEach(({ at, timezone }, index) => {
    const first = entries.findIndex((other) => other.at === at && other.timezone === timezone);
    if (at !== "" && first < index)
      issues.add(
        `${path}.${index}.at`,
        `has the same time as ${path}.${first}: set both bounds in one entry`,
      );
  });
  checkBounds(entries, path, bounds, issues);
  return entries;
}

/** Reports a bound that always contradicts the other one: the scheduled action would fail every time, without notice. */
function checkBounds(entries: readonly ScheduleSpec[], path: string, bounds: Bounds, issues: Issues): void {
  const highest = Math.max(bounds.max, ...entries.flatMap(({ max }) => max ?? []));
  const lowest = Math.min(bounds.min, ...entries.flatMap(({ min }) => min ?? []));
  entries.forEach(({ min, max }, index) => {
    if (max === undefined && min !== undefined && min > highest)
      issues.add(`${path}.${index}.min`, `is above the maximum, ${highest}: set max as well; got ${min}`);
    if (min === undefined && max !== undefined && max < lowest)
      issues.add(`${path}.${index}.max`, `is below the minimum, ${lowest}: set min as well; got ${max}`);
  });
}

function parseEntry(
  value: unknown,
  path: string,
  scaled: "tasks" | "instances",
  issues: Issues,
): ScheduleSpec {
  const options = new OptionsReader<ScheduleEntry>(value ?? null, path, issues);
  const at = options.raw("at");
  const problem = timeProblem(at, scaled);
  if (problem !== undefined) options.issue("at", problem);
  const timezone = parseTimezone(options);
  const min = options.integer("min", { min: 0 });
  const max = options.integer("max", { min: 0 });
  options.close();
  if (min !== undefined && max !== undefined && min > max)
    options.issue("min", `must be at most max, ${max}; got ${min}`);
  if (isPlainObject(value) && min === undefined && max === undefined)
    issues.add(path, "must change a bound: set min, max or both");
  return { at: problem === undefined ? (at as string) : "", timezone, min, max };
}

function timeProblem(at: unknown, scaled: "tasks" | "instances"): string | undefined {
  const problem = scheduleProblem(at);
  if (problem !== undefined || scaled === "tasks" || typeof at !== "string") return problem;
  if (at.startsWith("rate("))
    return `must be cron(minutes hours day-of-month month day-of-week *) or at(2030-01-31T18:00:00): EC2 Auto Scaling does not support rates; got ${formatValue(at)}`;
  return at.startsWith("cron(") && unixCron(at) === undefined
    ? `must have no year and no L, W or #, which EC2 Auto Scaling does not support; got ${formatValue(at)}`
    : undefined;
}
