import { formatValue, textOf } from "./parsing/format-value.js";

/*
 * Sources: EventBridge Scheduler User Guide, "Schedule types"; Application Auto Scaling User Guide,
 * "Schedule recurring scaling actions", which has the same fields.
 */
const MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
/** Of a leap year. */
const DAYS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const WEEKDAYS = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];
const AT = /^(\d{4})-(\d\d)-(\d\d)T([01]\d|2[0-3]):[0-5]\d:[0-5]\d$/;

interface Field {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  readonly names?: readonly string[];
  /** Matches special values: the last day, the nearest weekday, the n-th weekday of a month. */
  readonly special?: RegExp;
}

const FIELDS: readonly Field[] = [
  { name: "minutes", min: 0, max: 59 },
  { name: "hours", min: 0, max: 23 },
  { name: "day-of-month", min: 1, max: 31, special: /^(\?|L|([1-9]|[12]\d|3[01])W)$/ },
  { name: "month", min: 1, max: 12, names: MONTHS },
  {
    name: "day-of-week",
    min: 1,
    max: 7,
    names: WEEKDAYS,
    special: /^(\?|L|([1-7]|SUN|MON|TUE|WED|THU|FRI|SAT)(L|#[1-5]))$/i,
  },
  { name: "year", min: 1970, max: 2199 },
];

/** Returns why AWS would reject a schedule expression, or `undefined` for a valid one. */
export function scheduleProblem(expression: unknown): string | undefined {
  const [, kind, inside = ""] = /^(cron|rate|at)\((.*)\)$/.exec(textOf(expression)) ?? [];
  if (typeof expression !== "string" || kind === undefined)
    return `must be cron(minutes hours day-of-month month day-of-week year), rate(5 minutes) or at(2030-01-31T18:00:00); got ${formatValue(expression)}`;
  if (kind === "rate" && !isRate(inside))
    return `must be a rate such as rate(1 hour) or rate(5 minutes); got ${formatValue(expression)}`;
  if (kind === "at" && !isDateTime(inside))
    return `must be a date and time such as at(2030-01-31T18:00:00); got ${formatValue(expression)}`;
  const problem = kind === "cron" ? cronProblem(inside) : undefined;
  return problem && `${problem}; got ${formatValue(expression)}`;
}

function cronProblem(text: string): string | undefined {
  const parts = text.trim().split(/\s+/);
  if (parts.length !== FIELDS.length)
    return "must have six fields, minutes hours day-of-month month day-of-week year";
  const invalid = FIELDS.find((field, index) => !isField(parts[index]!, field));
  if (invalid !== undefined) {
    const { name, min, max, names } = invalid;
    const or = names === undefined ? "" : ` or ${names[0]} to ${names.at(-1)}`;
    return `must have ${name} from ${min} to ${max}${or}, such as ${min}, ${min}-${max} or *`;
  }
  const never = impossibleDate(parts[2]!, parts[3]!);
  if (never !== undefined) return never;
  if ((parts[2] === "?") === (parts[4] === "?")) return "must have ? as either day-of-month or day-of-week";
  return undefined;
}

/** Reports days that no month of the list has: EventBridge Scheduler checks them against the calendar. */
function impossibleDate(days: string, months: string): string | undefined {
  const firstDays = days.split(",").map((item) => Number.parseInt(item, 10));
  // `*`, `?`, `L`, and steps from them.
  if (firstDays.some(Number.isNaN) || /[*?]/.test(months)) return undefined;
  const longest = Math.max(...monthsIn(months).map((month) => DAYS[month - 1]!));
  return Math.min(...firstDays) > longest
    ? `must be a date that exists: the months of ${months} have at most ${longest} days`
    : undefined;
}

function monthsIn(text: string): number[] {
  const field = FIELDS[3]!;
  return text.split(",").flatMap((item) => {
    const [range = "", step] = item.split("/");
    const [from = 1, to = step === undefined ? from : 12] = range
      .split("-")
      .map((word) => valueOf(word, field));
    const every = Number(step ?? 1);
    return Array.from({ length: Math.floor((to - from) / every) + 1 }, (_, index) => from + index * every);
  });
}

function isField(text: string, field: Field): boolean {
  if (field.special?.test(text)) return true;
  return text.split(",").every((item) => {
    const [range = "", step, ...more] = item.split("/");
    if (more.length > 0 || (step !== undefined && !/^[1-9]\d*$/.test(step))) return false;
    if (range === "*") return true;
    const [from, to = from, ...others] = range.split("-").map((word) => valueOf(word, field));
    return others.length === 0 && from !== undefined && to !== undefined && from <= to;
  });
}

function valueOf(word: string, { min, max, names = [] }: Field): number | undefined {
  const name = names.indexOf(word.toUpperCase());
  const value = name >= 0 ? name + min : /^\d+$/.test(word) ? Number(word) : Number.NaN;
  return value >= min && value <= max ? value : undefined;
}

function isRate(text: string): boolean {
  const [, count = "0", plural] = /^(\d+) (?:minute|hour|day)(s?)$/.exec(text) ?? [];
  return Number(count) > 0 && (Number(count) === 1) === (plural === "");
}

/** True for a date that exists: JavaScript would accept February 30 as March 1. */
function isDateTime(text: string): boolean {
  const [, year, month, day] = AT.exec(text)?.map(Number) ?? [];
  if (year === undefined || month === undefined || day === undefined) return false;
  return new Date(Date.UTC(year, month - 1, day)).getUTCMonth() === month - 1 && day >= 1;
}
