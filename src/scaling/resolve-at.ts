const AT = /^at\((.+)\)$/;

/** The time of `at(2026-12-31T18:00:00)` in a time zone; `undefined` for a recurring schedule. */
export function resolveAt(expression: string, timezone = "UTC"): Date | undefined {
  const local = AT.exec(expression)?.[1];
  if (local === undefined) return undefined;
  const asUtc = Date.parse(`${local}Z`);
  // The offset is computed twice, because the clocks may change between the two times.
  const first = asUtc - offset(asUtc, timezone);
  return new Date(asUtc - offset(first, timezone));
}

/** True for `at(…)` whose time has come: AWS refuses it. */
export const isPast = (
  expression: string,
  timezone: string | undefined,
  { awsTime }: { readonly awsTime: () => number },
): boolean => (resolveAt(expression, timezone)?.getTime() ?? Infinity) <= awsTime();

/** Milliseconds by which the clocks of a time zone are ahead of UTC. */
function offset(at: number, timeZone: string): number {
  const parts = new Intl.DateTimeFormat("en-US", {
    timeZone,
    hourCycle: "h23",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
  }).formatToParts(at);
  const part = (type: string): number => Number(parts.find((each) => each.type === type)?.value);
  const shown = Date.UTC(
    part("year"),
    part("month") - 1,
    part("day"),
    part("hour"),
    part("minute"),
    part("second"),
  );
  return shown - Math.floor(at / 1000) * 1000;
}
