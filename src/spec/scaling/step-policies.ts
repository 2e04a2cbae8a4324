import { formatValue } from "../parsing/format-value.js";
import type { Issues } from "../parsing/issues.js";
import { parseStep, type AlarmSpec, type Scaled, type Step } from "./scaling-step.js";

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

type MetricStep = Step & { readonly when: Pick<AlarmSpec, "metric" | "comparison" | "threshold"> };

/** The policies that a list of steps describes: those of one metric in one direction are one. */
export function parseSteps(
  value: unknown,
  path: string,
  scaled: Scaled,
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
  const before = issues.list.length;
  const steps = value.flatMap(
    (step: unknown, index) => parseStep(step, `${path}.${index}`, scaled, issues) ?? [],
  );
  const ofMetrics = steps.filter((step): step is MetricStep => "threshold" in (step.when ?? {}));
  const metrics = groupBy(ofMetrics, ({ when }) => keyOf(when.metric));
  for (const one of metrics) {
    checkMetric(one, issues);
    checkHeld(one, scaled.held ?? {}, issues);
  }
  if (issues.list.length > before) return [];

  const policies = groupBy(steps, policyKey).map(policy);
  return policies.map((one, index) => ({ ...one, name: unique(policies, index) }));
}

/** A metric's steps must not pull in two directions, nor two ways at one value. */
function checkMetric(steps: readonly MetricStep[], issues: Issues): void {
  const known = typeof steps[0]!.when.metric === "string";
  const up = steps.filter(({ when }) => isRising(when));
  for (const { path, when, direction } of known ? steps : []) {
    if (isRising(when) !== (direction === "add"))
      issues.add(
        `${path}.${direction}`,
        `turns against the load: ${direction === "add" ? "add" : "remove"} when ${when.metric as string} ` +
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
        return issues.add(`${path}.when`, `overlaps ${same.path}: both begin at ${threshold}`);
      const milder = others.find((other) => amount < other.amount);
      if (milder !== undefined)
        issues.add(path, `does less than ${milder.path}, although the load is stronger there`);
    });
  }
  const adding = up.filter(({ direction }) => direction === "add");
  for (const { path, when, direction } of steps) {
    if (direction !== "remove" || isRising(when)) continue;
    const fought = adding.find((other) => overlap(other.when, when));
    if (fought !== undefined)
      issues.add(
        `${path}.when`,
        `fights ${fought.path}: between ${fought.when.threshold} and ${when.threshold} one adds what the other removes; ` +
          `remove below ${fought.when.threshold}`,
      );
  }
}

/** Target tracking removes below 90 per cent of its target. Source: Application Auto Scaling's alarms. */
const LOW = 0.9;

/** Steps must not remove what target tracking adds, nor add what it removes. */
function checkHeld(
  steps: readonly MetricStep[],
  held: Readonly<Record<string, number | undefined>>,
  issues: Issues,
): void {
  const metric = steps[0]!.when.metric;
  const target = typeof metric === "string" ? held[metric] : undefined;
  if (target === undefined) return;
  for (const { path, when, direction } of steps) {
    const { threshold } = when;
    if (direction === "remove" && !isRising(when) && threshold > target)
      issues.add(
        `${path}.when`,
        `fights autoscale.${metric as string}, which adds above ${target}: remove below it`,
      );
    if (direction === "add" && isRising(when) && threshold < target * LOW)
      issues.add(
        `${path}.when`,
        `fights autoscale.${metric as string}, which removes below ${target * LOW}: add above ${target}`,
      );
  }
}

/** Whether there is a value at which both hold. */
const overlap = (rising: MetricStep["when"], falling: MetricStep["when"]): boolean =>
  rising.threshold < falling.threshold ||
  (rising.threshold === falling.threshold && rising.comparison === ">=" && falling.comparison === "<=");

const isRising = ({ comparison }: Pick<AlarmSpec, "comparison">): boolean => comparison.startsWith(">");

function policy(steps: readonly Step[]): StepPolicySpec {
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
      // Whichever way the alarm compares.
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
    adjustments: adjustments(steps as readonly MetricStep[], sign),
  };
}

const mildest = (steps: readonly MetricStep[]): number => {
  const thresholds = steps.map(({ when }) => when.threshold);
  return isRising(steps[0]!.when) ? Math.min(...thresholds) : Math.max(...thresholds);
};

function adjustments(steps: readonly MetricStep[], sign: number): readonly AdjustmentSpec[] {
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

function unique(policies: readonly StepPolicySpec[], index: number): string {
  const { name } = policies[index]!;
  const before = policies.slice(0, index).filter((other) => other.name === name).length;
  return before === 0 ? name : `${name}-${before + 1}`;
}

function groupBy<Item>(items: readonly Item[], key: (item: Item) => string): readonly Item[][] {
  const groups = new Map<string, Item[]>();
  for (const item of items) groups.set(key(item), [...(groups.get(key(item)) ?? []), item]);
  return [...groups.values()];
}
