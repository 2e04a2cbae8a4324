import type { MetricAlarm, PutMetricAlarmCommandInput } from "@aws-sdk/client-cloudwatch";
import type { CloudWatchApi } from "../../../aws/api.js";
import type { Account } from "../../core/account.js";
import { arnOf } from "../../core/arn.js";
import { notifyChanged } from "../../core/notify-changed.js";
import { page } from "../../core/page.js";
import { ServiceError } from "../../core/service-error.js";
import { addTags, readTags, tagList } from "../../core/tags.js";
import type { Alarm } from "./state.js";

/** CloudWatch alarms. Their metrics come from the state of the local cloud: see `metric-value.ts`. */
export function createAlarms(account: Account): CloudWatchApi {
  return {
    async putMetricAlarm(input) {
      check(input);
      putAlarm(account, input);
      return {};
    },

    async describeAlarms(input) {
      const { AlarmNames: names, AlarmNamePrefix: prefix, ActionPrefix: action } = input;
      if (names !== undefined && prefix !== undefined)
        throw invalid("AlarmNames and AlarmNamePrefix cannot be specified together.");
      if (names !== undefined && names.length > 100) throw invalid("AlarmNames takes at most 100 names.");
      const found = [...account.cloudWatch.alarms.values()]
        .map(({ description }) => description)
        .filter(({ AlarmName = "" }) => names === undefined || names.includes(AlarmName))
        .filter(({ AlarmName = "" }) => prefix === undefined || AlarmName.startsWith(prefix))
        .filter(
          ({ AlarmActions = [] }) =>
            action === undefined || AlarmActions.some((arn) => arn.startsWith(action)),
        )
        .filter(({ StateValue }) => input.StateValue === undefined || StateValue === input.StateValue)
        .sort((one, other) => ((one.AlarmName ?? "") < (other.AlarmName ?? "") ? -1 : 1));
      const { items, nextToken } = page(
        // CloudWatch leaves out the default.
        found.map(({ TreatMissingData, ...alarm }) =>
          TreatMissingData === undefined || TreatMissingData === "missing"
            ? alarm
            : { ...alarm, TreatMissingData },
        ),
        input.NextToken,
        input.MaxRecords ?? 50,
        () => new ServiceError("InvalidNextToken", "The next token is not valid."),
      );
      return { MetricAlarms: items, CompositeAlarms: [], NextToken: nextToken };
    },

    async deleteAlarms(input) {
      const { AlarmNames: names = [] } = input;
      if (names.length > 100) throw invalid("AlarmNames takes at most 100 names.");
      for (const name of names) account.cloudWatch.alarms.delete(name);
      return {};
    },

    async listTagsForResource(input) {
      return { Tags: tagList(alarmOfArn(account, input.ResourceARN).tags) };
    },

    async tagResource(input) {
      addTags(alarmOfArn(account, input.ResourceARN).tags, readTags(input.Tags, invalid), invalid);
      return {};
    },
  };
}

/** Overwrites the whole alarm, except its state and its tags. */
export function putAlarm(account: Account, input: PutMetricAlarmCommandInput, managed = false): Alarm {
  const { Tags: tags, AlarmName: name = "", ...rest } = input;
  const before = account.cloudWatch.alarms.get(name);
  const now = new Date(account.clock.now());
  const description: MetricAlarm = {
    ActionsEnabled: true,
    OKActions: [],
    AlarmActions: [],
    InsufficientDataActions: [],
    Dimensions: [],
    ...structuredClone(rest),
    AlarmName: name,
    AlarmArn: arnOf(account, "cloudwatch", `alarm:${name}`),
    AlarmConfigurationUpdatedTimestamp: now,
    StateValue: before?.description.StateValue ?? "INSUFFICIENT_DATA",
    StateReason: before?.description.StateReason ?? "Unchecked: Initial alarm creation",
    StateUpdatedTimestamp: before?.description.StateUpdatedTimestamp ?? now,
  };
  const alarm: Alarm = {
    description,
    tags: before?.tags ?? readTags(tags, invalid),
    minutes: before?.minutes ?? [],
    managed,
  };
  account.cloudWatch.alarms.set(name, alarm);
  notifyChanged(account);
  return alarm;
}

function check(input: PutMetricAlarmCommandInput): void {
  const { AlarmName: name = "", Period: period, EvaluationPeriods: periods, AlarmActions = [] } = input;
  if (name === "" || name.length > 255 || /[\x00-\x1f]/.test(name)) throw invalid("AlarmName is not valid.");
  if (input.ComparisonOperator === undefined) throw invalid("ComparisonOperator must be specified.");
  if (periods === undefined || periods < 1) throw invalid("EvaluationPeriods must be at least 1.");
  if (input.Metrics !== undefined) return;
  if (!input.Namespace || !input.MetricName) throw invalid("Namespace and MetricName must be specified.");
  if (input.Statistic === undefined && input.ExtendedStatistic === undefined)
    throw invalid("Statistic or ExtendedStatistic must be specified.");
  if (input.Threshold === undefined) throw invalid("Threshold must be specified.");
  if (period === undefined || !([10, 20, 30].includes(period) || (period >= 60 && period % 60 === 0)))
    throw invalid("Period must be 10, 20, 30 or a multiple of 60.");
  if (period * periods > (period < 3600 ? 86_400 : 7 * 86_400))
    throw invalid("Metrics cannot be checked across more than a day.");
  if (AlarmActions.length > 5) throw invalid("An alarm can have at most 5 actions for a state.");
  if (new Set(AlarmActions).size < AlarmActions.length) throw invalid("Alarm actions must be unique.");
  if (AlarmActions.some((arn) => !arn.startsWith("arn:"))) throw invalid("Alarm actions must be ARNs.");
  if ((input.Dimensions ?? []).length > 30) throw invalid("An alarm can have at most 30 dimensions.");
}

export function alarmOfArn(account: Account, arn: string | undefined): Alarm {
  const found = [...account.cloudWatch.alarms.values()].find(
    ({ description }) => description.AlarmArn === arn,
  );
  if (found === undefined)
    throw new ServiceError("ResourceNotFoundException", `Unknown resource: ${arn}`, 404);
  return found;
}

const invalid = (message: string): ServiceError => new ServiceError("ValidationError", message);
