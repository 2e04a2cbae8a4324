import { formatValue, oneOf } from "../parsing/format-value.js";
import { isPlainObject } from "../parsing/frozen-copy.js";
import type { Issues } from "../parsing/issues.js";
import { OptionsReader } from "../parsing/options-reader.js";

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

export interface AlarmSpec {
  readonly metric: KnownMetric | MetricSpec;
  readonly comparison: Comparison;
  readonly threshold: number;
  /** How long it must hold, in seconds. */
  readonly seconds: number;
}

export interface MetricSpec {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly statistic: string;
}

/** What scales: its metrics, and how long a change of it takes effect by default. */
export interface Scaled {
  readonly what: "tasks" | "instances";
  readonly metrics: readonly KnownMetric[];
  /** Seconds. */
  readonly warmUp: number;
  /** Metrics that target tracking holds, and at what. */
  readonly held?: Readonly<Record<string, number | undefined>>;
}

/** One step as it was written, checked by itself. */
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
/** Period times evaluation periods, with periods below an hour. Source: CloudWatch API reference, PutMetricAlarm. */
const LONGEST = 86_400;
const STATISTICS = ["Average", "Sum", "Minimum", "Maximum", "SampleCount"] as const;
const CONDITION = /^\s*([A-Za-z]*)\s*(>=|<=|>|<)\s*(-?\d+(?:\.\d+)?)\s*%?\s*$/;

export function parseStep(value: unknown, path: string, scaled: Scaled, issues: Issues): Step | undefined {
  if (!isPlainObject(value)) {
    issues.add(path, `must be a step, { when, add } or { when, remove }; got ${formatValue(value)}`);
    return undefined;
  }
  const before = issues.list.length;
  const options = new OptionsReader<ScalingStep>(value, path, issues);
  const when = parseWhen(options.raw("when"), `${path}.when`, scaled, issues);
  const amounts = (["add", "remove"] as const).flatMap((direction) => {
    const given = options.raw(direction);
    return given === undefined ? [] : [{ direction, given }];
  });
  const seconds = options.duration("for", { min: MINUTE, max: LONGEST });
  if (seconds !== undefined && seconds % MINUTE !== 0)
    options.issue("for", `must be whole minutes, which is how often AWS measures; got ${seconds}s`);
  if (when !== undefined && "existing" in when && seconds !== undefined)
    options.issue("for", "is not for an alarm that exists, which has its own: leave it out");
  const cooldown = options.duration("cooldown", { min: 0, max: LONGEST });
  options.close();
  if (amounts.length !== 1) issues.add(path, "must say either add or remove, and not both");
  const [amount] = amounts;
  if (amount === undefined) return undefined;
  const { direction, given } = amount;
  const read = parseAmount(given, `${path}.${direction}`, direction, issues);
  if (read === undefined || issues.list.length > before) return undefined;
  const slow = 5 * MINUTE;
  return {
    path,
    when,
    direction,
    ...read,
    seconds: seconds ?? (direction === "add" ? MINUTE : slow),
    cooldown: cooldown ?? (direction === "add" ? scaled.warmUp : slow),
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
  const most = direction === "remove" ? 100 : 1000;
  if (percent !== undefined && Number(percent) >= 1 && Number(percent) <= most)
    return { unit: "percent", amount: Number(percent) };
  issues.add(
    path,
    `must be a whole number of 1 or more, or per cent from "1%" to "${most}%"; got ${formatValue(given)}`,
  );
  return undefined;
}

function parseWhen(value: unknown, path: string, scaled: Scaled, issues: Issues): Step["when"] {
  if (typeof value === "string") return parseCondition(value, path, scaled, issues);
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
    const [, word, comparison, threshold] = (typeof is === "string" && CONDITION.exec(is)) || [];
    if (word !== "")
      options.issue("is", `must compare with a threshold, such as ">= 100"; got ${formatValue(is)}`);
    options.close();
    return { metric, comparison: comparison as Comparison, threshold: Number(threshold) };
  }
  issues.add(path, `must be ${example(scaled)}, { metric, is } or { alarm }; got ${formatValue(value)}`);
  return undefined;
}

function parseCondition(text: string, path: string, scaled: Scaled, issues: Issues): Step["when"] {
  const [, metric = "", comparison, threshold] = CONDITION.exec(text) ?? [];
  if (!(scaled.metrics as readonly string[]).includes(metric)) {
    issues.add(
      path,
      `must compare ${oneOf(scaled.metrics)} with a threshold in per cent, such as ${example(scaled)}; got ${formatValue(text)}`,
    );
    return undefined;
  }
  const value = Number(threshold);
  if (value < 0 || (scaled.what === "instances" && value > 100)) {
    issues.add(path, `must have a threshold in per cent from 0 to 100; got ${formatValue(text)}`);
    return undefined;
  }
  return { metric: metric as KnownMetric, comparison: comparison as Comparison, threshold: value };
}

function parseMetric(value: unknown, path: string, issues: Issues): MetricSpec {
  const options = new OptionsReader<MetricCondition["metric"]>(value ?? null, path, issues);
  const namespace = options.string("namespace", 'a CloudWatch namespace, such as "AWS/SQS"');
  const name = options.string("name", "the name of a metric");
  if (isPlainObject(value)) {
    if (namespace === undefined && value["namespace"] === undefined) options.issue("namespace", "is missing");
    if (name === undefined && value["name"] === undefined) options.issue("name", "is missing");
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

const example = ({ metrics }: Scaled): string => `"${metrics[0]} >= 30"`;

export type KnownMetric = "cpu" | "memory" | "cpuReservation" | "memoryReservation";

export type Comparison = ">=" | ">" | "<=" | "<";
