import type { Issues } from "../parsing/issues.js";
import { OptionsReader } from "../parsing/options-reader.js";
import { parseSchedule, type ScheduleEntry, type ScheduleSpec } from "./scaling-schedule.js";
import type { ScalingStep } from "./scaling-step.js";
import { parseSteps, type StepPolicySpec } from "./step-policies.js";

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

/** How many tasks a service has, and what that follows. */
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

/** Tasks of one service. Source: Amazon ECS service quotas. */
const MOST_TASKS = 5000;
const DEFAULT_MIN = 2;
const SCALED = { what: "tasks", metrics: ["cpu", "memory"], warmUp: 60 } as const;

/** How the service's tasks scale; `undefined` when nobody asked for it. */
export function parseServiceScaling(
  input: { readonly options: unknown } | undefined,
  around: { readonly hasLoadBalancer: boolean; readonly desired: number | undefined },
  issues: Issues,
): ServiceScalingSpec | undefined {
  if (input === undefined) return undefined;
  const path = "autoscale";
  const before = issues.list.length;
  const options = new OptionsReader<AutoscaleOptions>(input.options ?? null, path, issues);
  const min = options.integer("min", { min: 0, max: MOST_TASKS });
  const max = options.integer("max", { min: 1, max: MOST_TASKS });
  const targets = (["cpu", "memory"] as const).map((metric) => ({
    metric,
    value: options.integer(metric, { min: 1, max: metric === "cpu" ? 1000 : 100 }, " (per cent)"),
  }));
  const requests = options.integer("requestsPerTask", { min: 1 });
  const steps = options.raw("steps");
  const schedule = options.raw("schedule");
  options.close();
  if (issues.list.length === before && max === undefined)
    options.issue("max", "is missing: say how many tasks there may be at most");
  if (min !== undefined && max !== undefined && min > max)
    options.issue("min", `must be at most max, ${max}; got ${min}`);
  if (requests !== undefined && !around.hasLoadBalancer)
    options.issue("requestsPerTask", "needs a load balancer, which counts them: call .behindAlb(...)");
  const followed = [...targets, { metric: "requestsPerTask" as const, value: requests }].filter(
    (target): target is TargetSpec => target.value !== undefined,
  );
  const held = Object.fromEntries(targets.map(({ metric, value }) => [metric, value]));
  const policies = parseSteps(steps, `${path}.steps`, { ...SCALED, held }, issues);
  const most = max ?? 1;
  const least = min ?? Math.min(DEFAULT_MIN, most);
  const bounds = { min: least, max: max ?? MOST_TASKS };
  const entries = parseSchedule(schedule, `${path}.schedule`, "tasks", bounds, issues);
  if (issues.list.length === before && followed.length + policies.length + entries.length === 0)
    issues.add(path, "says nothing to follow: give it cpu, memory, requestsPerTask, steps or a schedule");
  const { desired } = around;
  if (issues.list.length === before && desired !== undefined && (desired < least || desired > most))
    issues.add("service.desired", `must be within autoscale's ${least} to ${most}; got ${desired}`);
  return { min: least, max: most, targets: followed, policies, schedule: entries };
}
