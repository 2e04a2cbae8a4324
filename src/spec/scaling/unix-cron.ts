const DAYS = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

/**
 * Converts AWS's `cron(…)` with six fields to Unix cron with five, which EC2 Auto Scaling uses. Returns
 * `undefined` for what Unix cron cannot express: a year, the last day, the nearest weekday, the n-th weekday.
 */
export function unixCron(expression: string): string | undefined {
  const fields = /^cron\((.+)\)$/.exec(expression)?.[1]?.trim().split(/\s+/);
  if (fields?.length !== 6) return undefined;
  const [minutes = "", hours = "", day = "", month = "", weekday = "", year = ""] = fields;
  if (year !== "*" || /[LW#]/i.test(day) || /[L#]/i.test(weekday)) return undefined;
  const any = (field: string): string => (field === "?" ? "*" : field);
  return [
    steps(minutes, 59),
    steps(hours, 23),
    steps(any(day), 31),
    steps(month, 12),
    steps(any(weekdays(weekday)), 6),
  ].join(" ");
}

/** Unix cron has steps only within a range: AWS's `0/15` becomes `0-59/15`. */
const steps = (field: string, max: number): string =>
  field.replace(/(^|,)(\w+)\//g, (_, before: string, from: string) => `${before}${from}-${max}/`);

/** AWS counts the days of the week from 1, Unix cron from 0; both start with Sunday. */
const weekdays = (field: string): string =>
  field
    .replace(/[A-Za-z]{3}/g, (name) => String(DAYS.indexOf(name.toUpperCase()) + 1))
    .replace(/(?<!\/)\b\d\b/g, (number) => String(Number(number) - 1));
