const DAYS = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

/**
 * The five fields of Unix for AWS's `cron(…)` of six, which is what EC2 Auto Scaling takes; `undefined`
 * for what Unix cannot say: a year, the last day, the nearest weekday, the n-th of a month.
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

/** Unix counts steps within a range: AWS's `0/15` is its `0-59/15`. */
const steps = (field: string, max: number): string =>
  field.replace(/(^|,)(\w+)\//g, (_, before: string, from: string) => `${before}${from}-${max}/`);

/** AWS counts the days of the week from 1, Unix from 0; both begin with Sunday. */
const weekdays = (field: string): string =>
  field
    .replace(/[A-Za-z]{3}/g, (name) => String(DAYS.indexOf(name.toUpperCase()) + 1))
    .replace(/(?<!\/)\b\d\b/g, (number) => String(Number(number) - 1));
