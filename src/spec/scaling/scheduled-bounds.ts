import type { ScheduleSpec } from "./scaling-schedule.js";

export interface Bounds {
  readonly min: number;
  readonly max: number;
}

/** What schedules may have made of the bounds. */
export interface ScheduledBounds {
  readonly min: readonly number[];
  readonly max: readonly number[];
}

/** `undefined` without a schedule. */
export function scheduledBounds(schedule: readonly ScheduleSpec[]): ScheduledBounds | undefined {
  if (schedule.length === 0) return undefined;
  return {
    min: schedule.flatMap(({ min }) => min ?? []),
    max: schedule.flatMap(({ max }) => max ?? []),
  };
}

/**
 * The present bounds as a plan compares them: where a schedule has set one, it is as described. A deploy
 * at noon must not undo what the schedule said in the morning.
 */
export function boundsAsDescribed(
  { min, max }: { readonly min: number | undefined; readonly max: number | undefined },
  desired: Bounds & { readonly scheduled?: ScheduledBounds | undefined },
): { readonly min: number | undefined; readonly max: number | undefined } {
  const { scheduled } = desired;
  return {
    min: min !== undefined && scheduled?.min.includes(min) ? desired.min : min,
    max: max !== undefined && scheduled?.max.includes(max) ? desired.max : max,
  };
}
