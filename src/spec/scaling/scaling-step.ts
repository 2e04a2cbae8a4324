import { formatValue, oneOf } from "../parsing/format-value.js";
import { isPlainObject } from "../parsing/frozen-copy.js";
import type { Issues } from "../parsing/issues.js";
import { OptionsReader } from "../parsing/options-reader.js";

/**
 * A step that adds or removes tasks of a service, or instances of a cluster. Set either `add` or `remove`.
 *
 * Steps of the same metric and direction become one step scaling policy, in which the strongest step that the
 * metric has reached applies. Each policy has a CloudWatch alarm, which AWS bills, unless `when` names an
 * existing alarm.
 */
export interface ScalingStep {
  /**
   * The condition, such as `"cpu >= 30"`: a metric (`cpu`, `memory`; for a cluster also `cpuReservation`,
   * `memoryReservation`; all in percent), `>=`, `>`, `<=` or `<`, and a threshold. Or a condition on any
   * CloudWatch metric, or an existing alarm.
   */
  readonly when: string | MetricCondition | AlarmCondition;
  /**
   * How long the condition must last: whole minutes, up to a day. Not with an existing alarm, which has its
   * own period.
   * @defaultValue `"60s"` to add, `"5m"` to remove
   */
  readonly for?: string | undefined;
  /** The number to add, 1 or more, or a percentage of the current number, such as `"50%"`. */
  readonly add?: number | string | undefined;
  /** The number to remove, 1 or more, or a percentage of the current number, such as `"10%"`. */
  readonly remove?: number | string | undefined;
  /**
   * The time in which a change takes effect, before the same policy can act again. For instances that are
   * added, it is their warm-up time.
   * @defaultValue `"60s"` to add tasks, `"3m"` to add instances, `"5m"` to remove
   */
  readonly cooldown?: string | undefined;
}

/** A condition on any CloudWatch metric. */
export interface MetricCondition {
  /** The metric. */
  readonly metric: {
    /** The namespace, such as `"AWS/SQS"`. */
    readonly namespace: string;
    /** The name, such as `"ApproximateNumberOfMessagesVisible"`. */
    readonly name: string;
    readonly dimensions?: Readonly<Record<string, string>> | undefined;
    /** The statistic: `Average`, `Sum`, `Minimum`, `Maximum` or `SampleCount`. @defaultValue `"Average"` */
    readonly statistic?: string | undefined;
  };
  /** The comparison and the threshold, such as `">= 100"`. */
  readonly is: string;
}

/** An existing CloudWatch metric alarm. The policy is added to its actions; nothing else is changed. */
export interface AlarmCondition {
  /** The alarm's name. */
  readonly alarm: string;
}

export interface AlarmSpec {
  readonly metric: KnownMetric | MetricSpec;
  readonly comparison: Comparison;
  readonly threshold: number;
  /** How long the condition must last, in seconds. */
  readonly seconds: number;
}

export interface MetricSpec {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly statistic: string;
}

/** The target of a step: tasks or instances, with their metrics and default warm-up time. */
export interface ScalingTarget {
  readonly what: "tasks" | "instances";
  readonly metrics: readonly KnownMetric[];
  /** Seconds. */
  readonly warmUp: number;
  /** The targets of target tracking, by metric. */
  readonly tracked?: Readonly<Record<string, number | undefined>>;
}

/** One step, validated on its own. */
export interface Step {
  readonly path: string;
  readonly when:
    Pick<AlarmSpec, "metric" | "comparison" | "threshold"> | { readonly existing: string } | undefined;
  readonly direction: "add" | "remove";
  readonly unit: "count" | "percent";
  readonly amount: number;
  readonly seconds: number;
  readonly cooldown: number;
}

const MINUTE = 60;
/** The maximum of period times evaluation periods, for periods under an hour. Source: CloudWatch API reference, PutMetricAlarm. */
const MAX_SECONDS = 86_400;
const STATISTICS = ["Average", "Sum", "Minimum", "Maximum", "SampleCount"] as const;
const CONDITION = /^\s*([A-Za-z]*)\s*(>=|<=|>|<)\s*(-?\d+(?:\.\d+)?)\s*%?\s*$/;

export function parseStep(
  value: unknown,
  path: string,
  target: ScalingTarget,
  issues: Issues,
): Step | undefined {
  if (!isPlainObject(value)) {
    issues.add(path, `must be a step, { when, add } or { when, remove }; got ${formatValue(value)}`);
    return undefined;
  }
  const before = issues.list.length;
  const options = new OptionsReader<ScalingStep>(value, path, issues);
  const when = parseWhen(options.raw("when"), `${path}.when`, target, issues);
  const amounts = (["add", "remove"] as const).flatMap((direction) => {
    const given = options.raw(direction);
    return given === undefined ? [] : [{ direction, given }];
  });
  const seconds = options.duration("for", { min: MINUTE, max: MAX_SECONDS });
  if (seconds !== undefined && seconds % MINUTE !== 0)
    options.issue("for", `must be whole minutes, the period of AWS's metrics; got ${seconds}s`);
  if (when !== undefined && "existing" in when && seconds !== undefined)
    options.issue("for", "is not supported for an existing alarm, which has its own period: remove it");
  const cooldown = options.duration("cooldown", { min: 0, max: MAX_SECONDS });
  options.close();
  if (amounts.length !== 1) issues.add(path, "must have either add or remove, but not both");
  const [amount] = amounts;
  if (amount === undefined) return undefined;
  const { direction, given } = amount;
  const parsed = parseAmount(given, `${path}.${direction}`, direction, issues);
  if (parsed === undefined || issues.list.length > before) return undefined;
  const removeDefault = 5 * MINUTE;
  return {
    path,
    when,
    direction,
    ...parsed,
    seconds: seconds ?? (direction === "add" ? MINUTE : removeDefault),
    cooldown: cooldown ?? (direction === "add" ? target.warmUp : removeDefault),
  };
}

function parseAmount(
  given: unknown,
  path: string,
  direction: "add" | "remove",
  issues: Issues,
): Pick<Step, "unit" | "amount"> | undefined {
  if (Number.isSafeInteger(given) && (given as number) >= 1)
    return { unit: "count", amount: given as number };
  const percent = typeof given === "string" ? /^(\d{1,4})%$/.exec(given)?.[1] : undefined;
  const max = direction === "remove" ? 100 : 1000;
  if (percent !== undefined && Number(percent) >= 1 && Number(percent) <= max)
    return { unit: "percent", amount: Number(percent) };
  issues.add(
    path,
    `must be a whole number of 1 or more, or a percentage from "1%" to "${max}%"; got ${formatValue(given)}`,
  );
  return undefined;
}

function parseWhen(value: unknown, path: string, target: ScalingTarget, issues: Issues): Step["when"] {
  if (typeof value === "string") return parseCondition(value, path, target, issues);
  if (isPlainObject(value) && "alarm" in value) {
    const options = new OptionsReader<AlarmCondition>(value, path, issues);
    const existing = options.string("alarm", "the name of an alarm");
    options.close();
    if (existing !== undefined && existing.length > 255)
      options.issue(
        "alarm",
        `must be the name of an alarm, at most 255 characters; got ${formatValue(existing)}`,
      );
    return existing === undefined ? undefined : { existing };
  }
  if (isPlainObject(value) && "metric" in value) {
    const options = new OptionsReader<MetricCondition>(value, path, issues);
    const metric = parseMetric(options.raw("metric"), `${path}.metric`, issues);
    const is = options.raw("is");
    const [, metricName, comparison, threshold] = (typeof is === "string" && CONDITION.exec(is)) || [];
    if (metricName !== "")
      options.issue("is", `must compare with a threshold, such as ">= 100"; got ${formatValue(is)}`);
    options.close();
    return { metric, comparison: comparison as Comparison, threshold: Number(threshold) };
  }
  issues.add(path, `must be ${example(target)}, { metric, is } or { alarm }; got ${formatValue(value)}`);
  return undefined;
}

function parseCondition(text: string, path: string, target: ScalingTarget, issues: Issues): Step["when"] {
  const [, metric = "", comparison, threshold] = CONDITION.exec(text) ?? [];
  if (!(target.metrics as readonly string[]).includes(metric)) {
    issues.add(
      path,
      `must compare ${oneOf(target.metrics)} with a threshold in percent, such as ${example(target)}; got ${formatValue(text)}`,
    );
    return undefined;
  }
  const value = Number(threshold);
  if (value < 0 || (target.what === "instances" && value > 100)) {
    issues.add(path, `must have a threshold from 0 to 100 percent; got ${formatValue(text)}`);
    return undefined;
  }
  return { metric: metric as KnownMetric, comparison: comparison as Comparison, threshold: value };
}

function parseMetric(value: unknown, path: string, issues: Issues): MetricSpec {
  const options = new OptionsReader<MetricCondition["metric"]>(value ?? null, path, issues);
  const namespace = options.string("namespace", 'a CloudWatch namespace, such as "AWS/SQS"');
  const name = options.string("name", "the name of a metric");
  if (isPlainObject(value)) {
    if (namespace === undefined && value["namespace"] === undefined)
      options.issue("namespace", "is required");
    if (name === undefined && value["name"] === undefined) options.issue("name", "is required");
  }
  const statistic = options.string("statistic", oneOf(STATISTICS));
  if (statistic !== undefined && !(STATISTICS as readonly string[]).includes(statistic))
    options.issue("statistic", `must be ${oneOf(STATISTICS)}; got ${formatValue(statistic)}`);
  const dimensions = options.raw("dimensions") ?? {};
  const isMap =
    isPlainObject(dimensions) &&
    Object.keys(dimensions).length <= 30 &&
    Object.values(dimensions).every((text) => typeof text === "string" && text !== "");
  if (!isMap)
    options.issue(
      "dimensions",
      `must be an object of at most 30 names and values; got ${formatValue(dimensions)}`,
    );
  options.close();
  return {
    namespace: namespace ?? "",
    name: name ?? "",
    dimensions: isMap ? (dimensions as Readonly<Record<string, string>>) : {},
    statistic: statistic ?? "Average",
  };
}

const example = ({ metrics }: ScalingTarget): string => `"${metrics[0]} >= 30"`;

export type KnownMetric = "cpu" | "memory" | "cpuReservation" | "memoryReservation";

export type Comparison = ">=" | ">" | "<=" | "<";
