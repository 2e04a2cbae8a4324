import type { ServiceError } from "../../core/service-error.js";

/** A step adjustment, which both Auto Scaling services share. */
export interface StepAdjustment {
  readonly MetricIntervalLowerBound?: number | undefined;
  readonly MetricIntervalUpperBound?: number | undefined;
  readonly ScalingAdjustment?: number | undefined;
}

interface AdjustmentSettings {
  readonly AdjustmentType?: string | undefined;
  readonly MinAdjustmentMagnitude?: number | undefined;
}

const lower = ({ MetricIntervalLowerBound: bound }: StepAdjustment): number => bound ?? -Infinity;
const upper = ({ MetricIntervalUpperBound: bound }: StepAdjustment): number => bound ?? Infinity;

/** Rejects intervals with gaps or overlaps. */
export function checkSteps(
  steps: readonly StepAdjustment[],
  createError: (message: string) => ServiceError,
): void {
  if (steps.length === 0) throw createError("StepAdjustments must be specified for policy type StepScaling.");
  const ordered = [...steps].sort((one, other) => lower(one) - lower(other));
  ordered.forEach((step, index) => {
    if (lower(step) >= upper(step)) throw createError("The lower bound must be less than the upper bound.");
    const next = ordered[index + 1];
    if (next === undefined) return;
    if (upper(step) > lower(next)) throw createError("StepAdjustment intervals can't overlap.");
    if (upper(step) < lower(next)) throw createError("There can't be gaps between StepAdjustment intervals.");
  });
}

/** The change of capacity by the step that matches the metric's distance from its threshold. */
export function capacityChange(
  policy: AdjustmentSettings,
  steps: readonly StepAdjustment[],
  distance: number,
  now: number,
): number {
  // Above the threshold, an interval includes its lower bound; below it, its upper bound.
  const step = steps.find((each) =>
    distance >= 0
      ? lower(each) <= distance && distance < upper(each)
      : lower(each) < distance && distance <= upper(each),
  );
  // Exactly at the threshold of a falling metric, the interval below applies.
  const found = step ?? (distance === 0 ? steps.find((each) => upper(each) === 0) : undefined);
  return found === undefined ? 0 : adjustment(policy, found.ScalingAdjustment ?? 0, now);
}

export function adjustment(
  { AdjustmentType: type, MinAdjustmentMagnitude: least = 0 }: AdjustmentSettings,
  change: number,
  now: number,
): number {
  if (type === "ExactCapacity") return change - now;
  if (type !== "PercentChangeInCapacity") return change;
  const exact = (now * change) / 100;
  // AWS rounds a value between 0 and 1 away from zero, and any other one towards zero.
  const rounded = Math.abs(exact) < 1 ? Math.sign(exact) : Math.trunc(exact);
  return Math.sign(change) * Math.max(Math.abs(rounded), least);
}
