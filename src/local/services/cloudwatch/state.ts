import type { MetricAlarm } from "@aws-sdk/client-cloudwatch";

export interface CloudWatchState {
  /** By name. */
  readonly alarms: Map<string, Alarm>;
  /** What services have to do, as a test says it: by `service` or `cluster/service`. */
  readonly loads: Map<string, Load>;
  /** Values of metrics that nothing here measures. */
  readonly metrics: Map<string, number>;
  /** CPU and requests as they were measured, on the real clock. */
  readonly measured: Measurements;
}

export interface Alarm {
  /** What DescribeAlarms answers, kept up to date. */
  readonly description: MetricAlarm;
  readonly tags: Map<string, string>;
  /** A value a minute, newest last; `undefined` where nothing was measured. */
  readonly minutes: (number | undefined)[];
  /** Made by target tracking: it goes with its policy. */
  readonly managed: boolean;
}

export interface Load {
  /** Per cent of what one task has reserved, all tasks together: 300 keeps three tasks busy. */
  readonly cpu?: number;
  /** Per cent of its reservation that each task uses. */
  readonly memory?: number;
  /** A minute, all tasks together. */
  readonly requests?: number;
}

export interface Measurements {
  /** By task ARN: CPU units used, and the reading that they come from. */
  readonly cpu: Map<string, { readonly seconds: number; readonly at: number; readonly units: number }>;
  /** By target group ARN: requests a minute, and the reading that they come from. */
  readonly requests: Map<string, { readonly count: number; readonly at: number; readonly rate: number }>;
}
