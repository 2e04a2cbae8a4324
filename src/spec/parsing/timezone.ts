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

/** The areas of IANA's names. Source: IANA Time Zone Database. */
const AREAS = new Set(
  "Africa America Antarctica Arctic Asia Atlantic Australia Brazil Canada Chile Etc Europe Indian Mexico Pacific US".split(
    " ",
  ),
);
/** IANA's names without an area. */
const WITHOUT_AREA = new Set(
  (
    "CET CST6CDT Cuba EET EST EST5EDT Egypt Eire GB GB-Eire GMT GMT+0 GMT-0 GMT0 Greenwich HST Hongkong Iceland Iran Israel " +
    "Jamaica Japan Kwajalein Libya MET MST MST7MDT NZ NZ-CHAT Navajo PRC PST8PDT Poland Portugal ROC ROK Singapore Turkey " +
    "UCT UTC Universal W-SU WET Zulu"
  ).split(" "),
);

/**
 * True for a name of IANA's database. JavaScript also knows abbreviations (`PST`), offsets (`+01:00`) and names
 * in any case, which AWS does not.
 */
function isTimezone(name: string): boolean {
  const [area = "", ...places] = name.split("/");
  if (places.length === 0) return WITHOUT_AREA.has(name);
  if (!AREAS.has(area) || !places.every((place) => /^[A-Z]/.test(place))) return false;
  try {
    const { timeZone } = new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions();
    return timeZone === name || timeZone.toLowerCase() !== name.toLowerCase();
  } catch {
    return false;
  }
}
