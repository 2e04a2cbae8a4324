import type { MetricAlarm } from "@aws-sdk/client-cloudwatch";
import type { Account } from "../../core/account.js";
import { metricValue } from "./metric-value.js";
import type { Alarm } from "./state.js";

const breaches: Readonly<Record<string, (value: number, threshold: number) => boolean>> = {
  GreaterThanOrEqualToThreshold: (value, threshold) => value >= threshold,
  GreaterThanThreshold: (value, threshold) => value > threshold,
  LessThanOrEqualToThreshold: (value, threshold) => value <= threshold,
  LessThanThreshold: (value, threshold) => value < threshold,
};

/**
 * Evaluates an alarm for one minute: reads its metric, sets its state, and triggers its scaling policies for as
 * long as it is in ALARM.
 *
 * @returns true if the next minute may change something even if nothing else happens
 */
export function evaluate(account: Account, alarm: Alarm): boolean {
  const { description, minutes } = alarm;
  const { Period: period = 60, EvaluationPeriods: periods = 1 } = description;
  const perPeriod = Math.max(1, period / 60);
  const metric = {
    namespace: description.Namespace ?? "",
    name: description.MetricName ?? "",
    dimensions: description.Dimensions ?? [],
  };
  minutes.push(metricValue(account, metric, period));
  minutes.splice(0, Math.max(0, minutes.length - periods * perPeriod));

  const points = inPeriods(minutes, perPeriod);
  const next = stateOf(description, points, periods);
  if (next !== description.StateValue) {
    description.StateValue = next;
    description.StateReason = reasonOf(description, points);
    description.StateUpdatedTimestamp = new Date(account.clock.now());
  }
  let mayChange = eventualState(description, points, periods) !== next;
  if (next === "ALARM")
    mayChange = triggerActions(account, alarm, points.at(-1) ?? description.Threshold ?? 0) || mayChange;
  return mayChange;
}

/**
 * Triggers the actions of an alarm, if they are enabled.
 *
 * @returns true if one of them has changed something, or will
 */
export function triggerActions(account: Account, { description }: Alarm, value: number): boolean {
  if (description.ActionsEnabled === false) return false;
  const results = (description.AlarmActions ?? []).flatMap((arn) =>
    account.events.alarmTriggered.map((listener) => listener(arn, description, value)),
  );
  return results.some((result) => result === "waiting" || result === "changed");
}

function stateOf(
  { ComparisonOperator, Threshold = 0, DatapointsToAlarm, TreatMissingData }: MetricAlarm,
  points: readonly (number | undefined)[],
  periods: number,
): NonNullable<MetricAlarm["StateValue"]> {
  const breach = (value: number | undefined): boolean =>
    value === undefined
      ? TreatMissingData === "breaching"
      : breaches[ComparisonOperator ?? ""]!(value, Threshold);
  const known = TreatMissingData === "breaching" || TreatMissingData === "notBreaching";
  const seen = points.filter((value) => value !== undefined || known);
  if (seen.length === 0) return "INSUFFICIENT_DATA";
  const needed = DatapointsToAlarm ?? periods;
  return seen.filter(breach).length >= needed ? "ALARM" : "OK";
}

const eventualState = (
  description: MetricAlarm,
  points: readonly (number | undefined)[],
  periods: number,
): string =>
  stateOf(
    description,
    Array.from({ length: periods }, () => points.at(-1)),
    periods,
  );

/**
 * Averages over periods of `perPeriod` minutes, newest last; minutes before the first full period count as one.
 */
function inPeriods(minutes: readonly (number | undefined)[], perPeriod: number): (number | undefined)[] {
  const points: (number | undefined)[] = [];
  for (let end = minutes.length; end > 0; end -= perPeriod) {
    const values = minutes.slice(Math.max(0, end - perPeriod), end).filter((value) => value !== undefined);
    points.unshift(
      values.length === 0 ? undefined : values.reduce((total, value) => total + value, 0) / values.length,
    );
  }
  return points;
}

const reasonOf = ({ StateValue, Threshold }: MetricAlarm, points: readonly (number | undefined)[]): string =>
  StateValue === "INSUFFICIENT_DATA"
    ? `Insufficient Data: ${points.length} datapoints were unknown.`
    : `Threshold Crossed: ${points.length} datapoints [${points
        .map((value) => (value === undefined ? "missing" : value.toFixed(1)))
        .join(", ")}] against the threshold (${Threshold}): ${StateValue}.`;
