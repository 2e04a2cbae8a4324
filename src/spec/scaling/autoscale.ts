import type { Issues } from "../parsing/issues.js";
import type { AutoscaleOptions } from "../options/scaling-options.js";
import type { ServiceScalingSpec, TargetSpec } from "../scaling-spec.js";
import { OptionsReader } from "../parsing/options-reader.js";
import { parseSchedule } from "./scaling-schedule.js";
import { parseSteps } from "./step-policies.js";

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
