/** How many tasks a service has, and what that follows. */
export interface ServiceScalingSpec {
  readonly min: number;
  readonly max: number;
  readonly targets: readonly TargetSpec[];
  readonly policies: readonly StepPolicySpec[];
  readonly schedule: readonly ScheduleSpec[];
}

/** How the number of instances follows the load; their bounds are the capacity's. */
export type InstanceScalingSpec =
  | {
      readonly by: "steps";
      readonly policies: readonly StepPolicySpec[];
      readonly schedule: readonly ScheduleSpec[];
    }
  | {
      /** ECS itself, by what its tasks need. */
      readonly by: "managed";
      /** Per cent of the instances that tasks shall need. */
      readonly targetCapacity: number;
      readonly schedule: readonly ScheduleSpec[];
    };

export interface TargetSpec {
  readonly metric: "cpu" | "memory" | "requestsPerTask";
  readonly value: number;
}

/** Steps of one metric in one direction. */
export interface StepPolicySpec {
  /** Unique among its owner's: `cpu-add`. */
  readonly name: string;
  readonly when: AlarmSpec | { readonly existing: string };
  readonly unit: "count" | "percent";
  /** From the lowest interval to the highest, without gaps; bounds are relative to the alarm's threshold. */
  readonly adjustments: readonly AdjustmentSpec[];
  /** Seconds. */
  readonly cooldown: number;
}

export interface AdjustmentSpec {
  readonly lower: number | undefined;
  readonly upper: number | undefined;
  /** Negative: removed. */
  readonly change: number;
}

export interface AlarmSpec {
  readonly metric: KnownMetric | MetricSpec;
  readonly comparison: Comparison;
  readonly threshold: number;
  /** How long it must hold, in seconds. */
  readonly seconds: number;
}

export type KnownMetric = "cpu" | "memory" | "cpuReservation" | "memoryReservation";
export type Comparison = ">=" | ">" | "<=" | "<";

export interface MetricSpec {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly statistic: string;
}

export interface ScheduleSpec {
  /** As Application Auto Scaling takes it. */
  readonly at: string;
  readonly timezone: string | undefined;
  readonly min: number | undefined;
  readonly max: number | undefined;
}
