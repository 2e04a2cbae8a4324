import type { Dimension, MetricAlarm, StandardUnit } from "@aws-sdk/client-cloudwatch";

export interface CloudWatchState {
  /** Keyed by name. */
  readonly alarms: Map<string, Alarm>;
  /** The load of services that a test sets, keyed by `service` or `cluster/service`. */
  readonly loads: Map<string, Load>;
  /** Values of metrics that nothing here measures. */
  readonly metrics: Map<string, number>;
  /** The data points that were put, by metric; oldest first, unless their times say otherwise. */
  readonly points: Map<string, { readonly metric: Metric; readonly points: Datapoint[] }>;
  /** CPU and requests as measured on the real clock. */
  readonly measured: Measurements;
}

export interface Metric {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: readonly Dimension[];
}

/** One or more values that were put together. */
export interface Datapoint {
  readonly at: number;
  readonly unit: StandardUnit;
  readonly count: number;
  readonly sum: number;
  readonly min: number;
  readonly max: number;
}

export interface Alarm {
  /** The answer of DescribeAlarms, kept up to date. */
  readonly description: MetricAlarm;
  readonly tags: Map<string, string>;
  /** One value per minute, newest last; `undefined` where there was no data. */
  readonly minutes: (number | undefined)[];
  /** True if target tracking created it: it is deleted with its policy. */
  readonly managed: boolean;
}

export interface Load {
  /** Percent of what one task has reserved, in total over all tasks: 300 keeps three tasks busy. */
  readonly cpu?: number;
  /** Percent of its reservation that each task uses. */
  readonly memory?: number;
  /** Requests per minute, in total over all tasks. */
  readonly requests?: number;
}

interface Measurements {
  /** Keyed by task ARN: the CPU units used, and the reading that they were derived from. */
  readonly cpu: Map<string, { readonly seconds: number; readonly at: number; readonly units: number }>;
  /** Keyed by target group ARN: requests per minute, and the reading that they were derived from. */
  readonly requests: Map<string, { readonly count: number; readonly at: number; readonly rate: number }>;
}
