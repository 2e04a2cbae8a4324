import { formatValue } from "../parsing/format-value.js";
import type { Issues } from "../parsing/issues.js";
import { parseStep, type AlarmSpec, type ScalingTarget, type Step } from "./scaling-step.js";

/** A step scaling policy: the steps of one metric in one direction. */
export interface StepPolicySpec {
  /** The name, unique for the service or cluster, such as `cpu-add`. */
  readonly name: string;
  readonly when: AlarmSpec | { readonly existing: string };
  readonly unit: "count" | "percent";
  /** From the lowest interval to the highest, without gaps. Bounds are relative to the alarm's threshold. */
  readonly adjustments: readonly AdjustmentSpec[];
  /** Seconds. */
  readonly cooldown: number;
}

export interface AdjustmentSpec {
  readonly lower: number | undefined;
  readonly upper: number | undefined;
  /** Negative to remove. */
  readonly change: number;
}

type MetricStep = Step & { readonly when: Pick<AlarmSpec, "metric" | "comparison" | "threshold"> };

/** Sources: the quotas of Application Auto Scaling and of Amazon EC2 Auto Scaling: 50 policies, of 20 adjustments each. */
const MAX_STEPS = 1000;

/** Parses steps into policies: the steps of one metric in one direction become one policy. */
export function parseSteps(
  value: unknown,
  path: string,
  target: ScalingTarget,
  issues: Issues,
): readonly StepPolicySpec[] {
  if (value === undefined) return [];
  if (!Array.isArray(value) || value.length === 0) {
    issues.add(
      path,
      `must be an array of steps, { when, add } or { when, remove }; got ${formatValue(value)}`,
    );
    return [];
  }
  if (value.length > MAX_STEPS) {
    issues.add(
      path,
      `must be at most ${MAX_STEPS} steps: AWS has 50 policies of 20 steps; got ${value.length}`,
    );
    return [];
  }
  const before = issues.list.length;
  const steps = value.flatMap(
    (step: unknown, index) => parseStep(step, `${path}.${index}`, target, issues) ?? [],
  );
  const ofMetrics = steps.filter((step): step is MetricStep => "threshold" in (step.when ?? {}));
  const metrics = groupBy(ofMetrics, ({ when }) => keyOf(when.metric));
  for (const one of metrics) {
    checkMetric(one, issues);
    checkTracked(one, target.tracked ?? {}, issues);
  }
  if (issues.list.length > before) return [];

  const policies = groupBy(steps, policyKey).map(toPolicy);
  return policies.map((one, index) => ({ ...one, name: uniqueName(policies, index) }));
}

/** Reports steps of one metric that contradict each other. */
function checkMetric(steps: readonly MetricStep[], issues: Issues): void {
  const known = typeof steps[0]!.when.metric === "string";
  const up = steps.filter(({ when }) => isRising(when));
  for (const { path, when, direction } of known ? steps : []) {
    if (isRising(when) !== (direction === "add"))
      issues.add(
        `${path}.${direction}`,
        `works against the load: ${direction === "add" ? "add" : "remove"} when ${when.metric as string} ` +
          `${direction === "add" ? "rises (>=), remove when it falls (<=)" : "falls (<=), add when it rises (>=)"}`,
      );
  }
  for (const group of groupBy(steps, policyKey)) {
    const byStrength = [...(group as readonly MetricStep[])].sort((one, other) =>
      isRising(one.when)
        ? one.when.threshold - other.when.threshold
        : other.when.threshold - one.when.threshold,
    );
    byStrength.forEach(({ path, when, amount }, index) => {
      const others = byStrength.slice(0, index);
      const { threshold } = when;
      const same = others.find((other) => other.when.threshold === threshold);
      if (same !== undefined)
        return issues.add(`${path}.when`, `has the same threshold as ${same.path}: ${threshold}`);
      const milder = others.find((other) => amount < other.amount);
      if (milder !== undefined)
        issues.add(path, `must change at least as much as ${milder.path}, which has a milder threshold`);
    });
  }
  const adding = up.filter(({ direction }) => direction === "add");
  for (const { path, when, direction } of steps) {
    if (direction !== "remove" || isRising(when)) continue;
    const conflict = adding.find((other) => overlaps(other.when, when));
    if (conflict !== undefined)
      issues.add(
        `${path}.when`,
        `conflicts with ${conflict.path}: between ${conflict.when.threshold} and ${when.threshold}, one adds what the other removes: ` +
          `use a threshold below ${conflict.when.threshold}`,
      );
  }
}

/** Target tracking scales in below 90 percent of its target. Source: Application Auto Scaling's alarms. */
const SCALE_IN_RATIO = 0.9;

/** Reports steps that remove what target tracking adds, or add what it removes. */
function checkTracked(
  steps: readonly MetricStep[],
  tracked: Readonly<Record<string, number | undefined>>,
  issues: Issues,
): void {
  const metric = steps[0]!.when.metric;
  const target = typeof metric === "string" ? tracked[metric] : undefined;
  if (target === undefined) return;
  for (const { path, when, direction } of steps) {
    const { threshold } = when;
    if (direction === "remove" && !isRising(when) && threshold > target)
      issues.add(
        `${path}.when`,
        `conflicts with autoscale.${metric as string}, which adds tasks above ${target}: use a lower threshold`,
      );
    if (direction === "add" && isRising(when) && threshold < target * SCALE_IN_RATIO)
      issues.add(
        `${path}.when`,
        `conflicts with autoscale.${metric as string}, which removes tasks below ${target * SCALE_IN_RATIO}: use a higher threshold`,
      );
  }
}

/** True if both conditions apply at some value. */
const overlaps = (rising: MetricStep["when"], falling: MetricStep["when"]): boolean =>
  rising.threshold < falling.threshold ||
  (rising.threshold === falling.threshold && rising.comparison === ">=" && falling.comparison === "<=");

const isRising = ({ comparison }: Pick<AlarmSpec, "comparison">): boolean => comparison.startsWith(">");

function toPolicy(steps: readonly Step[]): StepPolicySpec {
  const [first] = steps as readonly [Step];
  const sign = first.direction === "add" ? 1 : -1;
  const { unit, cooldown, direction, when } = first;
  if (when === undefined || "existing" in when) {
    const change = sign * first.amount;
    return {
      name: `${slug(when?.existing ?? "")}-${direction}`,
      when: when ?? { existing: "" },
      unit,
      cooldown,
      // The alarm may compare in either direction.
      adjustments: [
        { lower: undefined, upper: 0, change },
        { lower: 0, upper: undefined, change },
      ],
    };
  }
  const metric = typeof when.metric === "string" ? when.metric : slug(when.metric.name);
  return {
    name: `${metric}-${direction}`,
    when: { ...when, threshold: mildest(steps as readonly MetricStep[]), seconds: first.seconds },
    unit,
    cooldown,
    adjustments: toAdjustments(steps as readonly MetricStep[], sign),
  };
}

const mildest = (steps: readonly MetricStep[]): number => {
  const thresholds = steps.map(({ when }) => when.threshold);
  return isRising(steps[0]!.when) ? Math.min(...thresholds) : Math.max(...thresholds);
};

function toAdjustments(steps: readonly MetricStep[], sign: number): readonly AdjustmentSpec[] {
  const threshold = mildest(steps);
  const rising = isRising(steps[0]!.when);
  const ordered = [...steps].sort((one, other) => one.when.threshold - other.when.threshold);
  return ordered.map(({ when, amount }, index) => {
    const from = when.threshold - threshold;
    const next = rising ? ordered[index + 1] : ordered[index - 1];
    const to = next === undefined ? undefined : next.when.threshold - threshold;
    return { lower: rising ? from : to, upper: rising ? to : from, change: sign * amount };
  });
}

function policyKey({ when, direction, unit, seconds, cooldown }: Step): string {
  if (when === undefined || "existing" in when) return JSON.stringify([when, direction]);
  return JSON.stringify([keyOf(when.metric), when.comparison, direction, unit, seconds, cooldown]);
}

const keyOf = (metric: AlarmSpec["metric"]): string => JSON.stringify(metric);

const slug = (text: string): string =>
  text
    .replace(/[^A-Za-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 60);

function uniqueName(policies: readonly StepPolicySpec[], index: number): string {
  const { name } = policies[index]!;
  const before = policies.slice(0, index).filter((other) => other.name === name).length;
  return before === 0 ? name : `${name}-${before + 1}`;
}

function groupBy<Item>(items: readonly Item[], key: (item: Item) => string): readonly Item[][] {
  const groups = new Map<string, Item[]>();
  for (const item of items) groups.set(key(item), [...(groups.get(key(item)) ?? []), item]);
  return [...groups.values()];
}
