/** The parsed fields of AWS's `cron(…)` or of a Unix cron expression. */
export interface CronFields {
  readonly minutes: readonly number[];
  readonly hours: readonly number[];
  /** True if the expression includes this day. `at` is the midnight of a day, as if it were UTC. */
  readonly isDay: (at: Date) => boolean;
}

type IsDay = CronFields["isDay"];

const DAY = 86_400_000;
const months = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
const days = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

/** Parses AWS's six fields: with a year, with `?` for one of the two day fields, and with 1 as Sunday. */
export function parseAwsCron(text: string): CronFields | undefined {
  const fields = text.trim().split(/\s+/);
  const [minute = "", hour = "", date = "", month = "", weekday = "", year = ""] = fields;
  if (fields.length !== 6 || (date === "?") === (weekday === "?")) return undefined;
  const minutes = numbers(minute, 0, 59);
  const hours = numbers(hour, 0, 23);
  const inMonths = numbers(month, 1, 12, months, 1);
  const inYears = numbers(year, 1970, 2199);
  const onDay = date === "?" ? byWeekday(weekday) : byDate(date);
  if (!minutes || !hours || !inMonths || !inYears || !onDay) return undefined;
  const isDay: IsDay = (at) =>
    inYears.includes(at.getUTCFullYear()) && inMonths.includes(at.getUTCMonth() + 1) && onDay(at);
  return { minutes, hours, isDay };
}

/** Parses Unix's five fields: 0 and 7 are Sunday, and a day matches if either of the two day fields matches. */
export function parseUnixCron(text: string): CronFields | undefined {
  const fields = text.trim().split(/\s+/);
  const [minute = "", hour = "", date = "", month = "", weekday = ""] = fields;
  if (fields.length !== 5) return undefined;
  const minutes = numbers(minute, 0, 59);
  const hours = numbers(hour, 0, 23);
  const dates = numbers(date, 1, 31);
  const inMonths = numbers(month, 1, 12, months, 1);
  const weekdays = numbers(weekday, 0, 7, days);
  if (!minutes || !hours || !dates || !inMonths || !weekdays) return undefined;
  const isDate: IsDay = (at) => dates.includes(at.getUTCDate());
  const isWeekday: IsDay = (at) => weekdays.some((one) => one % 7 === at.getUTCDay());
  const either = !date.startsWith("*") && !weekday.startsWith("*");
  const isDay: IsDay = (at) =>
    inMonths.includes(at.getUTCMonth() + 1) &&
    (either ? isDate(at) || isWeekday(at) : isDate(at) && isWeekday(at));
  return { minutes, hours, isDay };
}

/** The numbers that a field means, sorted: `*`, `5`, `1,3`, `1-5`, `0/15`, or names. */
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

function byDate(text: string): IsDay | undefined {
  if (text === "L") return isLastOfMonth;
  const [, near] = /^(\d+)W$/.exec(text) ?? [];
  if (near !== undefined) return byNearestWorkday(Number(near));
  const dates = numbers(text, 1, 31);
  return dates && ((at) => dates.includes(at.getUTCDate()));
}

const isLastOfMonth: IsDay = (at) => new Date(at.getTime() + DAY).getUTCDate() === 1;

/** `15W`: the workday (Monday to Friday) nearest to the 15th, in the same month. */
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

/** The midnight at which the last day of the month begins. */
const endOfMonth = (at: Date): number => Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + 1, 0);
