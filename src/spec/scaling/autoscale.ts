import type { Issues } from "../parsing/issues.js";
import { OptionsReader } from "../parsing/options-reader.js";
import { parseSchedule, type ScheduleEntry, type ScheduleSpec } from "./scaling-schedule.js";
import type { ScalingStep } from "./scaling-step.js";
import { parseSteps, type StepPolicySpec } from "./step-policies.js";

/**
 * How the number of a service's tasks scales.
 *
 * Creates a scalable target of Application Auto Scaling, a target tracking policy for each of `cpu`, `memory`
 * and `requestsPerTask`, and a step scaling policy for each direction of each metric in `steps`, with
 * CloudWatch alarms, which AWS bills. With several tracked metrics, the one that needs the most tasks decides,
 * and tasks are removed only if all metrics agree. A deploy without `.autoscale()` deletes all of this and
 * keeps the current number of tasks.
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
  /** The minimum number of tasks, 0 or more. A service scaled to 0 has no load that could scale it out again. @defaultValue 2, or `max` if that is less */
  readonly min?: number | undefined;
  /** The maximum number of tasks, 1 or more and at least `min`. */
  readonly max: number;
  /** Target tracking: the average CPU utilization of the tasks, in percent of their reservation. */
  readonly cpu?: number | undefined;
  /** Target tracking: the average memory utilization of the tasks, in percent of their reservation. */
  readonly memory?: number | undefined;
  /**
   * Target tracking: the average number of requests per task and minute. Requires a load balancer. Minutes
   * without requests have no data and do not scale the service.
   */
  readonly requestsPerTask?: number | undefined;
  /** Step scaling. */
  readonly steps?: readonly ScalingStep[] | undefined;
  /** Scheduled changes of `min` and `max`. */
  readonly schedule?: readonly ScheduleEntry[] | undefined;
}

/** The scaling of a service's tasks. */
export interface ServiceScalingSpec {
  readonly min: number;
  readonly max: number;
  readonly targets: readonly TargetSpec[];
  readonly policies: readonly StepPolicySpec[];
  readonly schedule: readonly ScheduleSpec[];
}

export interface TargetSpec {
  readonly metric: "cpu" | "memory" | "requestsPerTask";
  readonly value: number;
}

/** The quota of tasks per service. Source: Amazon ECS service quotas. */
const MAX_TASKS = 5000;
const DEFAULT_MIN = 2;
const SCALING_TARGET = { what: "tasks", metrics: ["cpu", "memory"], warmUp: 60 } as const;

/** Parses the options of a deployment's `.autoscale()`. */
export function parseServiceScaling(
  input: { readonly options: unknown } | undefined,
  context: { readonly hasLoadBalancer: boolean; readonly desired: number | undefined },
  issues: Issues,
): ServiceScalingSpec | undefined {
  if (input === undefined) return undefined;
  const path = "autoscale";
  const before = issues.list.length;
  const options = new OptionsReader<AutoscaleOptions>(input.options ?? null, path, issues);
  const min = options.integer("min", { min: 0, max: MAX_TASKS });
  const max = options.integer("max", { min: 1, max: MAX_TASKS });
  const targets = (["cpu", "memory"] as const).map((metric) => ({
    metric,
    value: options.integer(metric, { min: 1, max: metric === "cpu" ? 1000 : 100 }, " (percent)"),
  }));
  const requests = options.integer("requestsPerTask", { min: 1 });
  const steps = options.raw("steps");
  const schedule = options.raw("schedule");
  options.close();
  if (issues.list.length === before && max === undefined)
    options.issue("max", "is required: the maximum number of tasks");
  if (min !== undefined && max !== undefined && min > max)
    options.issue("min", `must be at most max, ${max}; got ${min}`);
  if (requests !== undefined && !context.hasLoadBalancer)
    options.issue("requestsPerTask", "needs a load balancer to count the requests: call .behindAlb(...)");
  const tracked = [...targets, { metric: "requestsPerTask" as const, value: requests }].filter(
    (target): target is TargetSpec => target.value !== undefined,
  );
  const trackedValues = Object.fromEntries(targets.map(({ metric, value }) => [metric, value]));
  const policies = parseSteps(steps, `${path}.steps`, { ...SCALING_TARGET, tracked: trackedValues }, issues);
  const upper = max ?? 1;
  const lower = min ?? Math.min(DEFAULT_MIN, upper);
  const bounds = { min: lower, max: max ?? MAX_TASKS };
  const entries = parseSchedule(schedule, `${path}.schedule`, "tasks", bounds, issues);
  if (issues.list.length === before && tracked.length + policies.length + entries.length === 0)
    issues.add(path, "has nothing to scale on: set cpu, memory, requestsPerTask, steps or schedule");
  const { desired } = context;
  if (issues.list.length === before && desired !== undefined && (desired < lower || desired > upper))
    issues.add("service.desired", `must be within autoscale's bounds, ${lower} to ${upper}; got ${desired}`);
  return { min: lower, max: upper, targets: tracked, policies, schedule: entries };
}
