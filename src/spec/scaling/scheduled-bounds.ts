import type { ScheduleSpec } from "./scaling-schedule.js";

export interface Bounds {
  readonly min: number;
  readonly max: number;
}

/** The bounds that schedules can set. */
export interface ScheduledBounds {
  readonly min: readonly number[];
  readonly max: readonly number[];
}

/** Returns the bounds that a schedule can set, or `undefined` without a schedule. */
export function scheduledBounds(schedule: readonly ScheduleSpec[]): ScheduledBounds | undefined {
  if (schedule.length === 0) return undefined;
  return {
    min: schedule.flatMap(({ min }) => min ?? []),
    max: schedule.flatMap(({ max }) => max ?? []),
  };
}

/**
 * Returns the current bounds for comparison in a plan: a bound that a schedule has set counts as unchanged,
 * so that a deploy does not revert it.
 */
export function withoutScheduledChanges(
  { min, max }: { readonly min: number | undefined; readonly max: number | undefined },
  desired: Bounds & { readonly scheduled?: ScheduledBounds | undefined },
): { readonly min: number | undefined; readonly max: number | undefined } {
  const { scheduled } = desired;
  return {
    min: min !== undefined && scheduled?.min.includes(min) ? desired.min : min,
    max: max !== undefined && scheduled?.max.includes(max) ? desired.max : max,
  };
}
