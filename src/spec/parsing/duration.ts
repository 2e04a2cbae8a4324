const SECONDS = Object.freeze({ s: 1, m: 60, h: 3600, d: 86_400 });

export const DURATION_EXAMPLES = '"60s", "5m", "1h" or "3d"';

/** Parses a duration such as `"60s"`, `"5m"`, `"1h"` or `"3d"` into seconds. Returns `undefined` for anything else. */
export function parseDuration(text: unknown): number | undefined {
  if (typeof text !== "string") return undefined;
  const match = /^(\d{1,9})(s|m|h|d)$/.exec(text);
  if (match === null) return undefined;
  return Number(match[1]) * SECONDS[match[2] as keyof typeof SECONDS];
}

/** Formats seconds in the largest unit that expresses them exactly: `3600` is `"1h"`. */
export function formatDuration(seconds: number): string {
  if (seconds === 0) return "0s";
  for (const unit of ["d", "h", "m"] as const) {
    if (seconds % SECONDS[unit] === 0) return `${seconds / SECONDS[unit]}${unit}`;
  }
  return `${seconds}s`;
}
