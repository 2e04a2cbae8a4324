import type * as CloudWatch from "@aws-sdk/client-cloudwatch";
import type { Account } from "../../core/account.js";
import type { Answer } from "../../core/answer.js";
import { page } from "../../core/page.js";
import { ServiceError } from "../../core/service-error.js";
import { alarmOfArn } from "./alarms.js";
import { triggerActions } from "./evaluate.js";
import { metricKey } from "./metric-value.js";
import type { Alarm } from "./state.js";

/** What a person does with alarms, besides putting and deleting them. */
export const createAlarmChanges = (account: Account) => ({
  /** The state lasts until the next evaluation; its actions are triggered as if the metric had changed. */
  async setAlarmState(
    input: CloudWatch.SetAlarmStateCommandInput,
  ): Answer<CloudWatch.SetAlarmStateCommandOutput> {
    const alarm = account.cloudWatch.alarms.get(input.AlarmName ?? "");
    if (alarm === undefined)
      throw new ServiceError("ResourceNotFound", `Could not find alarm with name ${input.AlarmName}`, 404);
    const { StateReasonData: data } = input;
    if (data !== undefined && !isJson(data))
      throw new ServiceError("InvalidFormat", "StateReasonData must be valid JSON.");
    alarm.description.StateValue = input.StateValue;
    alarm.description.StateReason = input.StateReason;
    alarm.description.StateReasonData = data;
    alarm.description.StateUpdatedTimestamp = new Date(account.clock.now());
    if (input.StateValue === "ALARM") triggerActions(account, alarm, alarm.description.Threshold ?? 0);
    return {};
  },

  async enableAlarmActions(
    input: CloudWatch.EnableAlarmActionsCommandInput,
  ): Answer<CloudWatch.EnableAlarmActionsCommandOutput> {
    for (const { description } of named(account, input.AlarmNames)) description.ActionsEnabled = true;
    return {};
  },

  async disableAlarmActions(
    input: CloudWatch.DisableAlarmActionsCommandInput,
  ): Answer<CloudWatch.DisableAlarmActionsCommandOutput> {
    for (const { description } of named(account, input.AlarmNames)) description.ActionsEnabled = false;
    return {};
  },

  async describeAlarmsForMetric(
    input: CloudWatch.DescribeAlarmsForMetricCommandInput,
  ): Answer<CloudWatch.DescribeAlarmsForMetricCommandOutput> {
    const { Namespace: namespace = "", MetricName: name = "", Dimensions: dimensions = [] } = input;
    const wanted = metricKey({ namespace, name, dimensions });
    const found = [...account.cloudWatch.alarms.values()]
      .map(({ description }) => description)
      .filter(
        ({ Namespace = "", MetricName = "", Dimensions = [] }) =>
          metricKey({ namespace: Namespace, name: MetricName, dimensions: Dimensions }) === wanted,
      )
      .filter(({ Statistic }) => input.Statistic === undefined || Statistic === input.Statistic)
      .filter(({ Period }) => input.Period === undefined || Period === input.Period);
    return { MetricAlarms: found };
  },

  async describeAlarmHistory(
    input: CloudWatch.DescribeAlarmHistoryCommandInput,
  ): Answer<CloudWatch.DescribeAlarmHistoryCommandOutput> {
    const found = [...account.cloudWatch.alarms.values()]
      .map(({ description }) => description)
      .filter(({ AlarmName }) => input.AlarmName === undefined || AlarmName === input.AlarmName)
      .map((alarm) => ({
        AlarmName: alarm.AlarmName,
        AlarmType: "MetricAlarm" as const,
        Timestamp: alarm.StateUpdatedTimestamp,
        HistoryItemType: "StateUpdate" as const,
        HistorySummary: `Alarm updated to ${alarm.StateValue}`,
        HistoryData: JSON.stringify({
          version: "1.0",
          newState: { stateValue: alarm.StateValue, stateReason: alarm.StateReason },
        }),
      }));
    const { items, nextToken } = page(
      found,
      input.NextToken,
      input.MaxRecords ?? 50,
      () => new ServiceError("InvalidNextToken", "The next token is not valid."),
    );
    return { AlarmHistoryItems: items, NextToken: nextToken };
  },

  async untagResource(
    input: CloudWatch.UntagResourceCommandInput,
  ): Answer<CloudWatch.UntagResourceCommandOutput> {
    const { tags } = alarmOfArn(account, input.ResourceARN);
    for (const key of input.TagKeys ?? []) tags.delete(key);
    return {};
  },
});

const named = (account: Account, names: readonly string[] = []): Alarm[] =>
  names.flatMap((name) => account.cloudWatch.alarms.get(name) ?? []);

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
