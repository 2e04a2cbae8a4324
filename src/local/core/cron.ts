import type { LocalClock, Scheduled } from "./clock.js";
import { parseAwsCron, parseUnixCron, type CronFields } from "./cron-fields.js";
import { isTimezone, offsetAt, toLocal, toUtc } from "./time-zone.js";

/** The times at which an expression is due. */
export interface Due {
  /** The first moment after `after` (milliseconds since the epoch); `undefined` if there is none. */
  next(after: number): number | undefined;
}

const MINUTE = 60_000;
const DAY = 86_400_000;
/** Clocks are set back by at most two hours. */
const CLOCK_CHANGE = 120 * MINUTE;
/** Leap years are at most eight years apart. */
const SEARCH_LIMIT = 8 * 366 * DAY;
const units: Readonly<Record<string, number>> = { minute: MINUTE, hour: 60 * MINUTE, day: DAY };

/**
 * Parses `cron(…)`, `rate(…)` or `at(…)` of EventBridge Scheduler or Application Auto Scaling.
 *
 * @param begin - the moment from which a rate counts
 * @returns `undefined` for an expression that AWS rejects
 */
export function parseSchedule(expression: string, timezone: string, begin: number): Due | undefined {
  const [, kind, inside = ""] = /^(cron|rate|at)\((.*)\)$/.exec(expression) ?? [];
  if (!isTimezone(timezone)) return undefined;
  if (kind === "rate") return parseRate(inside, begin);
  if (kind === "at") return parseAt(inside, timezone);
  const fields = kind === "cron" ? parseAwsCron(inside) : undefined;
  return fields && onClocks(fields, timezone);
}

/** Parses a recurrence of EC2 Auto Scaling, which is a Unix cron expression. */
export function parseRecurrence(recurrence: string, timezone: string): Due | undefined {
  const fields = isTimezone(timezone) ? parseUnixCron(recurrence) : undefined;
  return fields && onClocks(fields, timezone);
}

/** Limits `due`: first at `start` itself, never after `end`. */
export const withinPeriod = (due: Due, start: number | undefined, end: number | undefined): Due => ({
  next(after) {
    const at = start !== undefined && after < start ? start : due.next(after);
    return at === undefined || (end !== undefined && at > end) ? undefined : at;
  },
});

/** Due once. */
export const onceAt = (moment: number): Due => ({ next: (after) => (moment > after ? moment : undefined) });

/**
 * Runs `run` each time that it is due, until it is canceled. On a virtual clock, a recurring entry does not
 * advance the time by itself.
 *
 * @param first - the time of the first run; by default when it is due
 */
export function whenDue(
  clock: LocalClock,
  due: Due,
  run: (isLast: boolean) => void,
  first: number | undefined = due.next(clock.now()),
): Scheduled {
  let next: Scheduled | undefined;
  const arm = (at: number | undefined): void => {
    next = undefined;
    if (at === undefined) return;
    const onTimer = () => {
      // A timer may fire slightly early: the same moment must not come twice.
      arm(due.next(Math.max(at, clock.now())));
      run(next === undefined);
    };
    next = clock.schedule(at - clock.now(), onTimer, "background");
  };
  arm(first);
  return { cancel: () => next?.cancel() };
}

function parseRate(text: string, begin: number): Due | undefined {
  const [, count = "0", unit = "", plural] = /^(\d+) (minute|hour|day)(s?)$/.exec(text) ?? [];
  const period = Number(count) * (units[unit] ?? 0);
  if (period <= 0 || (Number(count) === 1) === (plural === "s")) return undefined;
  return { next: (after) => begin + Math.max(0, Math.floor((after - begin) / period) + 1) * period };
}

function parseAt(text: string, timezone: string): Due | undefined {
  const match = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)$/.exec(text);
  if (match === null) return undefined;
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0] = match.slice(1).map(Number);
  const local = Date.UTC(year, month - 1, day, hour, minute, second);
  return onceAt(toUtc(local, timezone) ?? local - offsetAt(local - DAY, timezone));
}

/**
 * Due at local times of the zone: a time that the start of summer time skips is left out, and a time that its
 * end repeats is due once.
 */
const onClocks = ({ minutes, hours, isDay }: CronFields, timezone: string): Due => ({
  next(after) {
    const shown = toLocal(after, timezone);
    const start = Math.floor(shown / DAY) * DAY;
    for (let day = start; day < start + SEARCH_LIMIT; day += DAY) {
      if (!isDay(new Date(day))) continue;
      for (const hour of hours) {
        for (const minute of minutes) {
          const local = day + hour * 60 * MINUTE + minute * MINUTE;
          if (local < shown - CLOCK_CHANGE) continue;
          const moment = toUtc(local, timezone);
          if (moment !== undefined && moment > after) return moment;
        }
      }
    }
    return undefined;
  },
});
