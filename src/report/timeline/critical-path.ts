import type { TimelineRow } from "./timeline-row.js";

/** Between the end of a need and the call that it held up pass at most a few milliseconds, and rounding. */
const TOLERANCE = 50;

/** Between a step and the next one the library only reads. */
const LONGEST_PAUSE = 10_000;

/** When the row had ended: ready, created, or failed. */
export const endOf = ({ ready, created, failed }: TimelineRow, end: number): number =>
  failed?.at ?? ready ?? created ?? end;

/**
 * The longest chain of a run: from what ended last back to what it waited for, and so on. Whatever is not on it could
 * have taken longer without the run taking longer.
 */
export function criticalPath(rows: readonly TimelineRow[], end: number): TimelineRow[] {
  const byId = new Map(rows.map((row) => [row.id, row]));
  let row = lastOf(rows, (each) => endOf(each, end));
  const path: TimelineRow[] = [];
  while (row !== undefined && !path.includes(row)) {
    path.unshift(row);
    const { start, needs } = row;
    // A need may have had to be ready, or only to exist: the later one that was before the start.
    const available = (need: TimelineRow): number =>
      [need.ready, need.created].find((at) => at !== undefined && at <= start + TOLERANCE) ?? -Infinity;
    const held = needs.flatMap((id) => byId.get(id) ?? []).filter((need) => available(need) > -Infinity);
    // A step that names no needs, such as a shift of traffic, follows what ended right before it.
    const before = rows.filter((each) => {
      const pause = start - endOf(each, end);
      return each.start < start - TOLERANCE && pause >= -TOLERANCE && pause <= LONGEST_PAUSE;
    });
    row = lastOf(held, available) ?? lastOf(before, (each) => endOf(each, end));
  }
  return path;
}

function lastOf(rows: readonly TimelineRow[], timeOf: (row: TimelineRow) => number): TimelineRow | undefined {
  let last: TimelineRow | undefined;
  for (const row of rows) if (last === undefined || timeOf(row) > timeOf(last)) last = row;
  return last;
}
