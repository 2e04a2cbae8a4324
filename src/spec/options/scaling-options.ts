/**
 * When how many are added or removed: tasks of a service, or instances of a cluster. One of `add` and
 * `remove`. Steps of one metric in one direction become one policy, in which the strongest step that
 * the metric has reached counts.
 *
 * In AWS: a step scaling policy and, unless the alarm exists, a CloudWatch alarm of its own (billed).
 */
export interface ScalingStep {
  /**
   * `"cpu >= 30"`: a metric (`cpu`, `memory`; of a cluster also `cpuReservation`, `memoryReservation`; all
   * in per cent), `>=`, `>`, `<=` or `<`, and a threshold. Or any CloudWatch metric, or an alarm that exists.
   */
  readonly when: string | MetricCondition | AlarmCondition;
  /**
   * How long it must hold: whole minutes, up to a day. Not with an alarm that exists, which has its own.
   * @defaultValue `"60s"` to add, `"5m"` to remove
   */
  readonly for?: string | undefined;
  /** How many: 1 or more, or per cent of what is there: `"50%"`. */
  readonly add?: number | string | undefined;
  /** How many: 1 or more, or per cent of what is there: `"10%"`. */
  readonly remove?: number | string | undefined;
  /**
   * How long a change is given to take effect before the next of the same policy. For instances that are
   * added it is their warm-up: meanwhile they count as there.
   * @defaultValue `"60s"` to add tasks, `"3m"` to add instances, `"5m"` to remove
   */
  readonly cooldown?: string | undefined;
}

/** Any CloudWatch metric against a threshold. */
export interface MetricCondition {
  readonly metric: {
    /** Such as `"AWS/SQS"`. */
    readonly namespace: string;
    /** Such as `"ApproximateNumberOfMessagesVisible"`. */
    readonly name: string;
    readonly dimensions?: Readonly<Record<string, string>> | undefined;
    /** `Average`, `Sum`, `Minimum`, `Maximum` or `SampleCount`. @defaultValue `"Average"` */
    readonly statistic?: string | undefined;
  };
  /** `">= 100"` */
  readonly is: string;
}

/** A metric alarm that exists. The policy is added to its actions; nothing else of it is changed. */
export interface AlarmCondition {
  readonly alarm: string;
}

/**
 * New bounds from a certain time on. The number is moved into them at once; a smaller minimum alone takes
 * nothing away: that is for a smaller maximum, or for what is held. Time zones follow summer time.
 */
export interface ScheduleEntry {
  /**
   * `cron(minutes hours day-of-month month day-of-week year)`, `rate(1 day)` (services only) or
   * `at(2026-12-31T18:00:00)`.
   */
  readonly at: string;
  /** Of `cron` and `at`: an IANA name such as `"Europe/Paris"`. @defaultValue `"UTC"` */
  readonly timezone?: string | undefined;
  /** @defaultValue the minimum stays */
  readonly min?: number | undefined;
  /** @defaultValue the maximum stays */
  readonly max?: number | undefined;
}

/**
 * How many tasks a service has, and what that follows.
 *
 * In AWS: a scalable target of Application Auto Scaling with a policy for each metric that is held and for
 * each direction of each metric's steps; CloudWatch alarms, which AWS bills. Of several metrics that are
 * held, the one that needs most tasks decides, and all must agree before any goes. A deploy without
 * `.autoscale` takes all of that away again and leaves the number of tasks as it is.
 *
 * @example
 * ```ts
 * import { Deployment } from "quayside";
 *
 * const talk = new Deployment("talk-service").autoscale({
 *   min: 2,
 *   max: 6,
 *   cpu: 50,
 *   schedule: [{ at: "cron(0 8 * * ? *)", timezone: "Europe/Paris", min: 4 }],
 * });
 * ```
 * @example
 * ```ts
 * import { Deployment } from "quayside";
 *
 * const talk = new Deployment("talk-service").autoscale({
 *   min: 2,
 *   max: 6,
 *   steps: [
 *     { when: "cpu >= 30", for: "60s", add: 1 },
 *     { when: "cpu >= 60", for: "60s", add: 2 },
 *     { when: "cpu <= 10", for: "5m", remove: 1 },
 *   ],
 * });
 * ```
 */
export interface AutoscaleOptions {
  /** 0 or more; with 0 tasks there is no load that could raise it again. @defaultValue 2, or `max` if that is less */
  readonly min?: number | undefined;
  /** 1 or more, at least `min`. */
  readonly max: number;
  /** Per cent of the tasks' reserved CPU that they shall use on average: target tracking. */
  readonly cpu?: number | undefined;
  /** Per cent of the tasks' reserved memory that they shall use on average: target tracking. */
  readonly memory?: number | undefined;
  /**
   * Requests that a task shall get per minute on average: target tracking. Needs a load balancer. Minutes
   * without any request are not measured, and change nothing.
   */
  readonly requestsPerTask?: number | undefined;
  readonly steps?: readonly ScalingStep[] | undefined;
  readonly schedule?: readonly ScheduleEntry[] | undefined;
}
