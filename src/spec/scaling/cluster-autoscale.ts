import type { ClusterInput } from "../input.js";
import type { Issues } from "../parsing/issues.js";
import { OptionsReader } from "../parsing/options-reader.js";
import { parseSchedule, type ScheduleEntry, type ScheduleSpec } from "./scaling-schedule.js";
import type { ScalingStep } from "./scaling-step.js";
import { parseSteps, type StepPolicySpec } from "./step-policies.js";

/**
 * How many instances the cluster has, and what that follows: the steps, or, without any, what the tasks
 * need.
 *
 * In AWS: in either case a capacity provider, through which ECS drains an instance before it ends: its
 * tasks are replaced elsewhere first. With steps also a scaling policy and a CloudWatch alarm for each
 * direction of each metric, and detailed monitoring of the instances, so that a minute is a minute; AWS
 * bills both. Instances that ran before are protected from scale-in, for ECS may never drain them.
 *
 * @example
 * ```ts
 * import { Cluster } from "quayside";
 *
 * const cluster = new Cluster("conference-cluster").ec2({ instanceType: "t2.micro" }).autoscale({
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
  /** @defaultValue 2, or `max` if that is less */
  readonly min?: number | undefined;
  /** 1 or more. @defaultValue 4, or `min` if that is more */
  readonly max?: number | undefined;
  /**
   * Rules of your own: step scaling policies of the Auto Scaling group, each with its CloudWatch alarm.
   * @defaultValue none: ECS scales the instances to what its tasks need (managed scaling of a capacity provider)
   */
  readonly steps?: readonly ScalingStep[] | undefined;
  readonly schedule?: readonly ScheduleEntry[] | undefined;
  /**
   * Per cent of the instances that tasks shall need, 1 to 100: below 100 some stay spare. Not with `steps`.
   * @defaultValue 100
   */
  readonly targetCapacity?: number | undefined;
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

const DEFAULT_MIN = 2;
const DEFAULT_MAX = 4;
/** From launch until its tasks take load: booting, registering, starting. */
const WARM_UP = 180;
const SCALED = {
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
  // An Auto Scaling group whose maximum is 0 can never launch anything.
  const max = options.integer("max", { min: 1 });
  if (min !== undefined && max !== undefined && min > max)
    options.issue("min", `must be at most max, ${max}; got ${min}`);
  const steps = options.raw("steps");
  const bounds = {
    min: min ?? Math.min(DEFAULT_MIN, max ?? DEFAULT_MIN),
    max: max ?? Math.max(DEFAULT_MAX, min ?? DEFAULT_MAX),
  };
  const schedule = parseSchedule(options.raw("schedule"), `${path}.schedule`, "instances", bounds, issues);
  const targetCapacity = options.integer("targetCapacity", { min: 1, max: 100 }, " (per cent)");
  if (steps !== undefined && targetCapacity !== undefined)
    options.issue("targetCapacity", "is of ECS's own scaling, and there are steps: leave one out");
  const policies = parseSteps(steps, `${path}.steps`, SCALED, issues);
  options.close();
  const managed = { by: "managed", targetCapacity: targetCapacity ?? 100, schedule } as const;
  return {
    ...bounds,
    scaling:
      input === undefined ? undefined : steps === undefined ? managed : { by: "steps", policies, schedule },
  };
}
