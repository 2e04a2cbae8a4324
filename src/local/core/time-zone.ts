const DAY = 86_400_000;

const LEGACY =
  /^(?:CET|EET|MET|WET|EST|MST|HST|EST5EDT|CST6CDT|MST7MDT|PST8PDT|UTC|GMT|UCT|Zulu|Japan|Singapore)$/;

/** True for a name of IANA's database. JavaScript knows more: abbreviations, offsets, names in any case. */
export function isTimezone(name: string): boolean {
  if (!/^[A-Z][A-Za-z]*\/[A-Z]/.test(name) && !LEGACY.test(name)) return false;
  try {
    const { timeZone } = new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions();
    return timeZone === name || timeZone.toLowerCase() !== name.toLowerCase();
  } catch {
    return false;
  }
}

/** A cache: constructing a formatter takes longer than using it a hundred times. */
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

/** The local time in the zone, as if it were UTC. */
export function toLocal(utc: number, timezone: string): number {
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

export function offsetAt(utc: number, timezone: string): number {
  const second = Math.floor(utc / 1000) * 1000;
  return toLocal(second, timezone) - second;
}

/** The first moment at which clocks in the zone show `local`; `undefined` if they never do. */
export function toUtc(local: number, timezone: string): number | undefined {
  return [local - DAY, local + DAY]
    .map((near) => local - offsetAt(near, timezone))
    .sort((one, other) => one - other)
    .find((moment) => toLocal(moment, timezone) === local);
}
