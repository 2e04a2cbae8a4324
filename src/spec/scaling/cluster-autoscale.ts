import type { ClusterInput } from "../input.js";
import type { Issues } from "../parsing/issues.js";
import { OptionsReader } from "../parsing/options-reader.js";
import { parseSchedule, type ScheduleEntry, type ScheduleSpec } from "./scaling-schedule.js";
import type { ScalingStep } from "./scaling-step.js";
import { parseSteps, type StepPolicySpec } from "./step-policies.js";

/**
 * How the number of a cluster's instances scales: by `steps`, or, without them, to what the tasks need (ECS
 * managed scaling).
 *
 * In either case, the cluster gets a capacity provider, through which ECS drains an instance before it
 * terminates: its tasks are replaced on other instances first. `steps` also create a step scaling policy and
 * a CloudWatch alarm for each direction of each metric, and enable detailed monitoring of the instances, so
 * that metrics have one-minute periods; AWS bills both. Instances that were launched before are protected
 * from scale-in, because ECS cannot drain them.
 *
 * @example
 * ```ts
 * import { Cluster } from "quayside";
 *
 * const cluster = new Cluster("conference-cluster").ec2({ instanceType: "t3.micro" }).autoscale({
 *   min: 2,
 *   max: 4,
 *   steps: [
 *     { when: "cpu >= 30", for: "60s", add: 2 },
 *     { when: "cpu <= 10", for: "5m", remove: 1 },
 *   ],
 * });
 * ```
 */
export interface ClusterAutoscaleOptions {
  /** The minimum number of instances. @defaultValue 2, or `max` if that is less */
  readonly min?: number | undefined;
  /** The maximum number of instances, 1 or more. @defaultValue 4, or `min` if that is more */
  readonly max?: number | undefined;
  /**
   * Step scaling policies of the Auto Scaling group, each with its CloudWatch alarm.
   * @defaultValue none: ECS managed scaling adjusts the number of instances to what the tasks need
   */
  readonly steps?: readonly ScalingStep[] | undefined;
  /** Scheduled changes of `min` and `max`. */
  readonly schedule?: readonly ScheduleEntry[] | undefined;
  /**
   * The target utilization of ECS managed scaling, in percent, 1 to 100: below 100, some capacity stays
   * spare. Cannot be combined with `steps`.
   * @defaultValue 100
   */
  readonly targetCapacity?: number | undefined;
}

/** The scaling of a cluster's instances, within the bounds of its capacity. */
export type InstanceScalingSpec =
  | {
      readonly by: "steps";
      readonly policies: readonly StepPolicySpec[];
      readonly schedule: readonly ScheduleSpec[];
    }
  | {
      /** ECS managed scaling. */
      readonly by: "managed";
      /** The target utilization in percent. */
      readonly targetCapacity: number;
      readonly schedule: readonly ScheduleSpec[];
    };

const DEFAULT_MIN = 2;
const DEFAULT_MAX = 4;
/** The time from an instance's launch until its tasks take load: boot, registration, task start. */
const WARM_UP = 180;
const SCALING_TARGET = {
  what: "instances",
  metrics: ["cpu", "memory", "cpuReservation", "memoryReservation"],
  warmUp: WARM_UP,
} as const;

interface InstanceBounds {
  readonly min: number;
  readonly max: number;
  readonly scaling: InstanceScalingSpec | undefined;
}

export function parseInstanceScaling(input: ClusterInput["autoscale"], issues: Issues): InstanceBounds {
  const path = "cluster.autoscale";
  const options = new OptionsReader<ClusterAutoscaleOptions>(input?.options, path, issues);
  const min = options.integer("min", { min: 0 });
  // An Auto Scaling group with a maximum of 0 can never launch an instance.
  const max = options.integer("max", { min: 1 });
  if (min !== undefined && max !== undefined && min > max)
    options.issue("min", `must be at most max, ${max}; got ${min}`);
  const steps = options.raw("steps");
  const bounds = {
    min: min ?? Math.min(DEFAULT_MIN, max ?? DEFAULT_MIN),
    max: max ?? Math.max(DEFAULT_MAX, min ?? DEFAULT_MAX),
  };
  const schedule = parseSchedule(options.raw("schedule"), `${path}.schedule`, "instances", bounds, issues);
  const targetCapacity = options.integer("targetCapacity", { min: 1, max: 100 }, " (percent)");
  if (steps !== undefined && targetCapacity !== undefined)
    options.issue(
      "targetCapacity",
      "applies to ECS managed scaling and cannot be combined with steps: remove one",
    );
  const policies = parseSteps(steps, `${path}.steps`, SCALING_TARGET, issues);
  options.close();
  const managed = { by: "managed", targetCapacity: targetCapacity ?? 100, schedule } as const;
  return {
    ...bounds,
    scaling:
      input === undefined ? undefined : steps === undefined ? managed : { by: "steps", policies, schedule },
  };
}
