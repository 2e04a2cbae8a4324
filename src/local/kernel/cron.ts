/** When an expression of EventBridge or Application Auto Scaling is due: `cron(…)`, `rate(…)`, `at(…)`. */
export interface Due {
  /** The first moment after `after` (milliseconds since the epoch); `undefined` when there is none any more. */
  next(after: number): number | undefined;
}

const MINUTE = 60_000;
const DAY = 86_400_000;
const units: Readonly<Record<string, number>> = { minute: MINUTE, hour: 60 * MINUTE, day: DAY };
const months = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
const days = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

/**
 * Reads an expression; `undefined` when it is none that AWS takes.
 *
 * @param begin - from when a rate counts
 */
export function readSchedule(expression: string, timezone: string, begin: number): Due | undefined {
  const [, kind, inside = ""] = /^(cron|rate|at)\((.*)\)$/.exec(expression) ?? [];
  if (!isTimezone(timezone)) return undefined;
  if (kind === "rate") return readRate(inside, begin);
  if (kind === "at") return readAt(inside, timezone);
  return kind === "cron" ? readCron(inside, timezone) : undefined;
}

function readRate(text: string, begin: number): Due | undefined {
  const [, count = "0", unit = "", plural] = /^(\d+) (minute|hour|day)(s?)$/.exec(text) ?? [];
  const period = Number(count) * (units[unit] ?? 0);
  if (period <= 0 || (Number(count) === 1) === (plural === "s")) return undefined;
  return { next: (after) => begin + Math.max(0, Math.floor((after - begin) / period) + 1) * period };
}

function readAt(text: string, timezone: string): Due | undefined {
  const match = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)$/.exec(text);
  if (match === null) return undefined;
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0] = match.slice(1).map(Number);
  const local = Date.UTC(year, month - 1, day, hour, minute, second);
  const moment = toUtc(local, timezone) ?? local - offsetAt(local - DAY, timezone);
  return { next: (after) => (moment > after ? moment : undefined) };
}

function readCron(text: string, timezone: string): Due | undefined {
  const fields = text.trim().split(/\s+/);
  const [minute, hour, date, month, weekday, year] = fields as [
    string,
    string,
    string,
    string,
    string,
    string,
  ];
  // One of the two days must be open.
  if (fields.length !== 6 || (date === "?") === (weekday === "?")) return undefined;
  const minutes = numbers(minute, 0, 59);
  const hours = numbers(hour, 0, 23);
  const inMonths = numbers(month, 1, 12, months, 1);
  const inYears = numbers(year, 1970, 2199);
  const isDay = date === "?" ? byWeekday(weekday) : byDate(date);
  if (!minutes || !hours || !inMonths || !inYears || !isDay) return undefined;

  return {
    next(after) {
      const now = toLocal(after, timezone);
      const start = Math.floor(now / DAY) * DAY;
      for (let day = start; day < start + 8 * 366 * DAY; day += DAY) {
        const at = new Date(day);
        if (!inYears.includes(at.getUTCFullYear()) || !inMonths.includes(at.getUTCMonth() + 1)) continue;
        if (!isDay(at)) continue;
        for (const h of hours) {
          for (const m of minutes) {
            const local = day + h * 60 * MINUTE + m * MINUTE;
            // Clocks are put back by two hours at most.
            if (local < now - 120 * MINUTE) continue;
            // A moment that summer time leaves out is skipped; one that winter time repeats is due once.
            const moment = toUtc(local, timezone);
            if (moment !== undefined && moment > after) return moment;
          }
        }
      }
      return undefined;
    },
  };
}

/** `*`, `5`, `1,3`, `1-5`, `0/15`, names: the numbers that it means, in order. */
function numbers(
  text: string,
  min: number,
  max: number,
  names: readonly string[] = [],
  first = 0,
): number[] | undefined {
  const valueOf = (word: string): number => {
    const name = names.indexOf(word.toUpperCase());
    return name >= 0 ? name + first : /^\d+$/.test(word) ? Number(word) : Number.NaN;
  };
  const found = new Set<number>();
  for (const part of text.split(",")) {
    const [range = "", step] = part.split("/");
    const [from = "", to] = range.split("-");
    const low = range === "*" ? min : valueOf(from);
    const high =
      range === "*" || (step !== undefined && to === undefined) ? max : to === undefined ? low : valueOf(to);
    const by = step === undefined ? 1 : valueOf(step);
    if (!(low >= min && high <= max && low <= high && by >= 1)) return undefined;
    for (let value = low; value <= high; value += by) found.add(value);
  }
  return [...found].sort((one, other) => one - other);
}

type IsDay = (at: Date) => boolean;

function byDate(text: string): IsDay | undefined {
  if (text === "L") return isLastOfMonth;
  const [, near] = /^(\d+)W$/.exec(text) ?? [];
  if (near !== undefined) return byNearestWorkday(Number(near));
  const dates = numbers(text, 1, 31);
  return dates && ((at) => dates.includes(at.getUTCDate()));
}

const isLastOfMonth: IsDay = (at) => new Date(at.getTime() + DAY).getUTCDate() === 1;

/** `15W`: the day from Monday to Friday that is nearest to the 15th, in the same month. */
function byNearestWorkday(date: number): IsDay | undefined {
  if (date < 1 || date > 31) return undefined;
  return (at) => {
    const wanted = new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth(), date));
    if (wanted.getUTCMonth() !== at.getUTCMonth()) return false;
    const weekday = wanted.getUTCDay();
    const shift =
      weekday === 6 ? (date === 1 ? 2 : -1) : weekday === 0 ? (isLastOfMonth(wanted) ? -2 : 1) : 0;
    return at.getUTCDate() === date + shift;
  };
}

function byWeekday(text: string): IsDay | undefined {
  // The last day of the week is Saturday.
  if (text === "L") return (at) => at.getUTCDay() === 6;
  const [, last] = /^(\w+)L$/.exec(text) ?? [];
  if (last !== undefined) {
    const only = numbers(last, 1, 7, days, 1);
    return only && ((at) => only.includes(at.getUTCDay() + 1) && at.getTime() + 7 * DAY > endOfMonth(at));
  }
  const [, nthDay, nth] = /^(\w+)#([1-5])$/.exec(text) ?? [];
  const weekdays = numbers(nthDay ?? text, 1, 7, days, 1);
  if (weekdays === undefined) return undefined;
  return (at) =>
    weekdays.includes(at.getUTCDay() + 1) &&
    (nth === undefined || Math.ceil(at.getUTCDate() / 7) === Number(nth));
}

/** The beginning of its last day. */
const endOfMonth = (at: Date): number => Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + 1, 0);

export function isTimezone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/** Making one takes longer than asking it a hundred times. */
const clocks = new Map<string, Intl.DateTimeFormat>();

function clockOf(timeZone: string): Intl.DateTimeFormat {
  const known = clocks.get(timeZone);
  if (known !== undefined) return known;
  const clock = new Intl.DateTimeFormat("en-US", {
    timeZone,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  });
  clocks.set(timeZone, clock);
  return clock;
}

/** What clocks in the zone show, as if it were UTC. */
function toLocal(utc: number, timezone: string): number {
  const parts = clockOf(timezone).formatToParts(utc);
  const value = (type: string) => Number(parts.find((part) => part.type === type)?.value);
  return Date.UTC(
    value("year"),
    value("month") - 1,
    value("day"),
    value("hour"),
    value("minute"),
    value("second"),
  );
}

function offsetAt(utc: number, timezone: string): number {
  const second = Math.floor(utc / 1000) * 1000;
  return toLocal(second, timezone) - second;
}

/** The first moment at which clocks in the zone show it; `undefined` when they never do. */
function toUtc(local: number, timezone: string): number | undefined {
  return [local - DAY, local + DAY]
    .map((near) => local - offsetAt(near, timezone))
    .sort((one, other) => one - other)
    .find((moment) => toLocal(moment, timezone) === local);
}
