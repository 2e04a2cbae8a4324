import { formatValue } from "./format-value.js";
import type { OptionsReader } from "./options-reader.js";

/** Reads an IANA time zone, and reports an unknown one. */
export function parseTimezone(options: OptionsReader<{ readonly timezone?: unknown }>): string | undefined {
  const expected = 'an IANA time zone, such as "Europe/Paris"';
  const timezone = options.string("timezone", expected);
  if (timezone === undefined || isTimezone(timezone)) return timezone;
  options.issue("timezone", `must be ${expected}; got ${formatValue(timezone)}`);
  return undefined;
}

function isTimezone(timezone: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: timezone });
    return true;
  } catch {
    return false;
  }
}
