import type { Datapoint } from "./state.js";

export interface Statistics {
  readonly count: number;
  readonly sum: number;
  readonly min: number;
  readonly max: number;
  /** Of each data point, for percentiles. */
  readonly averages: readonly number[];
}

/** The statistics over several data points. */
export const combine = (points: readonly Datapoint[]): Statistics => ({
  count: points.reduce((total, { count }) => total + count, 0),
  sum: points.reduce((total, { sum }) => total + sum, 0),
  min: Math.min(...points.map(({ min }) => min)),
  max: Math.max(...points.map(({ max }) => max)),
  averages: points.map(({ sum, count }) => sum / Math.max(1, count)).sort((one, other) => one - other),
});

/** One of CloudWatch's statistics; `p90` is a percentile. */
export function statisticOf({ count, sum, min, max, averages }: Statistics, name: string): number {
  switch (name) {
    case "SampleCount":
      return count;
    case "Sum":
      return sum;
    case "Minimum":
      return min;
    case "Maximum":
      return max;
    case "Average":
      return sum / Math.max(1, count);
    default: {
      const rank = (Number(/^p(\d+(?:\.\d+)?)$/.exec(name)?.[1] ?? 50) / 100) * averages.length;
      return averages[Math.min(averages.length - 1, Math.max(0, Math.ceil(rank) - 1))] ?? 0;
    }
  }
}
