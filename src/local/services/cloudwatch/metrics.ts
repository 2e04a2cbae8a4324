import type * as CloudWatch from "@aws-sdk/client-cloudwatch";
import type { Account } from "../../core/account.js";
import type { Answer } from "../../core/answer.js";
import { notifyChanged } from "../../core/notify-changed.js";
import { page } from "../../core/page.js";
import { ServiceError } from "../../core/service-error.js";
import { metricKey, metricValue } from "./metric-value.js";
import type { Datapoint, Metric } from "./state.js";
import { combine, statisticOf, type Statistics } from "./statistics.js";

const MINUTE = 60_000;
/** Source: CloudWatch API reference, GetMetricStatistics: at most 1,440 data points. */
const MOST_POINTS = 1440;

/** Metrics of one's own, and the values of all. */
export const createMetrics = (account: Account) => ({
  async putMetricData(
    input: CloudWatch.PutMetricDataCommandInput,
  ): Answer<CloudWatch.PutMetricDataCommandOutput> {
    const { Namespace: namespace = "", MetricData: data = [] } = input;
    if (namespace === "") throw missing("Namespace");
    if (namespace.startsWith("AWS/"))
      throw invalid("The value AWS/ for parameter Namespace is invalid: it is reserved for AWS.");
    if (data.length > 1000)
      throw invalid("The collection MetricData must not have a size greater than 1000.");
    for (const [index, datum] of data.entries()) check(datum, `MetricData.member.${index + 1}`);
    for (const datum of data) {
      const metric = { namespace, name: datum.MetricName ?? "", dimensions: datum.Dimensions ?? [] };
      pointsOf(account, metric).push(...datapoints(datum, account.clock.now()));
    }
    notifyChanged(account);
    return {};
  },

  async getMetricStatistics(
    input: CloudWatch.GetMetricStatisticsCommandInput,
  ): Answer<CloudWatch.GetMetricStatisticsCommandOutput> {
    const { Namespace: namespace, MetricName: name, Period: period, StartTime, EndTime } = input;
    for (const [member, value] of Object.entries({ namespace, name, period, StartTime, EndTime }))
      if (value === undefined) throw missing(member);
    const [start, end] = [StartTime!.getTime(), EndTime!.getTime()];
    if (start >= end)
      throw new ServiceError(
        "InvalidParameterValue",
        "The parameter StartTime must be less than the parameter EndTime.",
      );
    if (period! % 60 !== 0 && ![1, 5, 10, 30].includes(period!))
      throw new ServiceError("InvalidParameterValue", "The parameter Period must be a multiple of 60.");
    if (input.Statistics === undefined && input.ExtendedStatistics === undefined)
      throw new ServiceError(
        "InvalidParameterCombination",
        "Must specify either Statistics or ExtendedStatistics",
      );
    if ((end - start) / 1000 / period! > MOST_POINTS)
      throw new ServiceError(
        "InvalidParameterCombination",
        `You have requested up to ${Math.ceil((end - start) / 1000 / period!)} datapoints, which exceeds the limit of ${MOST_POINTS}.`,
      );
    const metric = { namespace: namespace!, name: name!, dimensions: input.Dimensions ?? [] };
    const points = inPeriods(account, metric, { start, end, period: period! });
    return {
      Label: name,
      Datapoints: points.map(({ at, statistics, unit }) => ({
        Timestamp: new Date(at),
        ...Object.fromEntries((input.Statistics ?? []).map((each) => [each, statisticOf(statistics, each)])),
        ...(input.ExtendedStatistics !== undefined && {
          ExtendedStatistics: Object.fromEntries(
            input.ExtendedStatistics.map((each) => [each, statisticOf(statistics, each)]),
          ),
        }),
        Unit: input.Unit ?? unit,
      })),
    };
  },

  async getMetricData(
    input: CloudWatch.GetMetricDataCommandInput,
  ): Answer<CloudWatch.GetMetricDataCommandOutput> {
    const { MetricDataQueries: queries, StartTime, EndTime } = input;
    if (queries === undefined) throw missing("MetricDataQueries");
    if (StartTime === undefined || EndTime === undefined) throw missing("StartTime");
    const results = queries
      .filter(({ ReturnData }) => ReturnData !== false)
      .map(({ Id, Label, MetricStat, Expression }) => {
        if (MetricStat?.Metric === undefined)
          throw invalid(
            `The local cloud does not evaluate the expression '${Expression}' of the query ${Id}.`,
          );
        const { Namespace = "", MetricName = "", Dimensions = [] } = MetricStat.Metric;
        const metric = { namespace: Namespace, name: MetricName, dimensions: Dimensions };
        const range = { start: StartTime.getTime(), end: EndTime.getTime(), period: MetricStat.Period ?? 60 };
        const points = inPeriods(account, metric, range);
        if (input.ScanBy !== "TimestampAscending") points.reverse();
        return {
          Id,
          Label: Label ?? MetricName,
          Timestamps: points.map(({ at }) => new Date(at)),
          Values: points.map(({ statistics }) => statisticOf(statistics, MetricStat.Stat ?? "Average")),
          StatusCode: "Complete" as const,
        };
      });
    return { MetricDataResults: results, Messages: [] };
  },

  async listMetrics(input: CloudWatch.ListMetricsCommandInput): Answer<CloudWatch.ListMetricsCommandOutput> {
    const found = [...account.cloudWatch.points.values()]
      .map(({ metric }) => metric)
      .filter(({ namespace }) => input.Namespace === undefined || namespace === input.Namespace)
      .filter(({ name }) => input.MetricName === undefined || name === input.MetricName)
      .filter(({ dimensions }) =>
        (input.Dimensions ?? []).every(({ Name, Value }) =>
          dimensions.some((each) => each.Name === Name && (Value === undefined || each.Value === Value)),
        ),
      );
    const { items, nextToken } = page(
      found,
      input.NextToken,
      500,
      () => new ServiceError("InvalidParameterValue", "Request parameter NextToken is invalid"),
    );
    return {
      Metrics: items.map(({ namespace, name, dimensions }) => ({
        Namespace: namespace,
        MetricName: name,
        Dimensions: [...dimensions],
      })),
      NextToken: nextToken,
    };
  },
});

function check(datum: CloudWatch.MetricDatum, path: string): void {
  if (!datum.MetricName) throw missing(`${path}.MetricName`);
  if ((datum.Dimensions ?? []).length > 30)
    throw invalid(`The collection ${path}.Dimensions must not have a size greater than 30.`);
  const { Value, Values, StatisticValues } = datum;
  const numbers = [Value, ...(Values ?? [])].filter((each) => each !== undefined);
  if (numbers.some((each) => !Number.isFinite(each)))
    throw invalid(
      `The value ${numbers.find((each) => !Number.isFinite(each))} for parameter ${path}.Value is invalid.`,
    );
  if (Value !== undefined && (Values !== undefined || StatisticValues !== undefined))
    throw new ServiceError(
      "InvalidParameterCombination",
      `The parameters ${path}.Value and ${path}.Values are mutually exclusive and you have specified both.`,
    );
  if (numbers.length === 0 && StatisticValues === undefined)
    throw new ServiceError(
      "InvalidParameterCombination",
      `At least one of the parameters must be specified: ${path}.Value, ${path}.Values or ${path}.StatisticValues.`,
    );
  if (Values !== undefined && datum.Counts !== undefined && Values.length !== datum.Counts.length)
    throw invalid(`The parameters ${path}.Values and ${path}.Counts must be of the same size.`);
}

function datapoints(datum: CloudWatch.MetricDatum, now: number): Datapoint[] {
  const at = datum.Timestamp?.getTime() ?? now;
  const unit = datum.Unit ?? "None";
  const { StatisticValues: given } = datum;
  if (given !== undefined) {
    const { SampleCount: count = 0, Sum: sum = 0, Minimum: min = 0, Maximum: max = 0 } = given;
    return [{ at, unit, count, sum, min, max }];
  }
  const values = datum.Values ?? [datum.Value ?? 0];
  return values.map((value, index) => {
    const count = datum.Counts?.[index] ?? 1;
    return { at, unit, count, sum: value * count, min: value, max: value };
  });
}

function pointsOf(account: Account, metric: Metric): Datapoint[] {
  const key = metricKey(metric);
  const known = account.cloudWatch.points.get(key) ?? { metric, points: [] };
  account.cloudWatch.points.set(key, known);
  return known.points;
}

interface Range {
  readonly start: number;
  readonly end: number;
  /** Seconds. */
  readonly period: number;
}

interface PeriodOfMetric {
  readonly at: number;
  readonly statistics: Statistics;
  readonly unit: CloudWatch.StandardUnit;
}

/** The data of a metric by period. What AWS measures has its present value as its only point. */
function inPeriods(account: Account, metric: Metric, { start, end, period }: Range): PeriodOfMetric[] {
  const now = account.clock.now();
  const own = account.cloudWatch.points.get(metricKey(metric))?.points;
  const value = own === undefined ? metricValue(account, metric, period) : undefined;
  const at = Math.floor((now - MINUTE) / MINUTE) * MINUTE;
  const measured: Datapoint[] =
    value === undefined ? [] : [{ at, unit: "None", count: 1, sum: value, min: value, max: value }];
  const first = Math.floor(start / 1000 / period) * 1000 * period;
  const periods = new Map<number, Datapoint[]>();
  for (const point of own ?? measured) {
    if (point.at < first || point.at >= end) continue;
    const begin = Math.floor(point.at / 1000 / period) * 1000 * period;
    periods.set(begin, [...(periods.get(begin) ?? []), point]);
  }
  return [...periods]
    .sort(([one], [other]) => one - other)
    .map(([begin, points]) => ({ at: begin, statistics: combine(points), unit: points[0]!.unit }));
}

const invalid = (message: string): ServiceError => new ServiceError("InvalidParameterValue", message);

const missing = (name: string): ServiceError =>
  new ServiceError("MissingParameter", `The parameter ${name} is required.`);
