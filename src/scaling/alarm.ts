import type { Dimension, MetricAlarm, PutMetricAlarmCommandInput } from "@aws-sdk/client-cloudwatch";
import type { AwsContext } from "../aws/context.js";
import { knownTags } from "../aws/known-tags.js";
import { inBatches } from "../aws/in-batches.js";
import { ignoreNotFound } from "../aws/not-found.js";
import { ownedArns } from "../aws/owned-arns.js";
import { fromTags, OWNER_TAG, toTagList } from "../aws/tags.js";
import { hasChanges } from "../engine/diff.js";
import { UNKNOWN, type Kind, type Tagged, type Tags } from "../engine/kind.js";
import { describeAlarms } from "./describe-alarms.js";
import { pickDescribedFields } from "./pick-described-fields.js";

export interface AlarmDesired extends Tagged {
  readonly alarmName: string;
  readonly alarm: Pick<
    PutMetricAlarmCommandInput,
    | "AlarmDescription"
    | "Namespace"
    | "MetricName"
    | "Dimensions"
    | "Statistic"
    | "Period"
    | "EvaluationPeriods"
    | "Threshold"
    | "ComparisonOperator"
    | "TreatMissingData"
  >;
  /** ARN of the scaling policy that it triggers. */
  readonly policy: string;
}

export interface AlarmState {
  readonly alarmName: string;
}

/** A CloudWatch alarm that triggers a scaling policy. */
export const alarmKind: Kind<AlarmDesired, AlarmState, AwsContext> = {
  kind: "alarm",
  unknown: { alarmName: UNKNOWN },
  dependsOn: ["scaling-policy", "instance-scaling-policy"],
  immutable: ["alarmName"],
  wrapperField: "alarm",

  async read(desired, context) {
    const [found] = await describeAlarms({ AlarmNames: [desired.alarmName] }, context);
    if (found?.AlarmArn === undefined) return undefined;
    const actions = found.AlarmActions ?? [];
    const reported = {
      ...found,
      Dimensions: inNamesOrder(found.Dimensions),
      // CloudWatch may leave out the default.
      TreatMissingData: found.TreatMissingData ?? "missing",
    };
    return {
      state: { alarmName: desired.alarmName },
      current: {
        alarmName: desired.alarmName,
        alarm: pickDescribedFields(desired.alarm, reported),
        policy: actions.includes(desired.policy) ? desired.policy : actions.find(isScalingPolicy),
      },
      tags:
        (await knownTags(found.AlarmArn, desired.tags, context)) ??
        (await tagsOfAlarm(found.AlarmArn, context)),
    };
  },

  create: (desired, context) => put(desired, undefined, context),

  async update(desired, _observed, changes, context) {
    const [found] = await describeAlarms({ AlarmNames: [desired.alarmName] }, context);
    if (hasChanges(changes, "alarm", "policy")) await put(desired, found, context);
    // PutMetricAlarm ignores the tags of an existing alarm.
    if (hasChanges(changes, "tags") && found?.AlarmArn !== undefined) {
      await context.aws.cloudWatch.tagResource({
        ResourceARN: found.AlarmArn,
        Tags: toTagList(desired.tags),
      });
    }
    return { alarmName: desired.alarmName };
  },

  async delete({ alarmName }, { aws }) {
    await ignoreNotFound(aws.cloudWatch.deleteAlarms({ AlarmNames: [alarmName] }));
  },

  async findOwned(owner, context, isDescribed) {
    const owned = (await ownedArns(context, owner, "cloudwatch", "alarm:")).filter(
      ({ rest, tags }) => tags[OWNER_TAG] === owner && isDescribed?.(rest) !== true,
    );
    // The tagging API may return an alarm for a while after its deletion.
    const names = owned.map(({ rest }) => rest);
    const existing = await inBatches(names, NAMES, (AlarmNames) => describeAlarms({ AlarmNames }, context));
    return owned
      .filter(({ rest }) => existing.some(({ AlarmName }) => AlarmName === rest))
      .map(({ rest: alarmName, tags }) => ({ name: alarmName, state: { alarmName }, tags }));
  },
};

/** DescribeAlarms takes a hundred. */
const NAMES = 100;

/** An alarm's tags, from CloudWatch itself. */
export async function tagsOfAlarm(ResourceARN: string, { aws }: AwsContext): Promise<Tags> {
  return fromTags((await aws.cloudWatch.listTagsForResource({ ResourceARN })).Tags);
}

/** Writes the whole alarm, as CloudWatch requires; other actions of the alarm are kept. */
async function put(
  { alarmName, alarm, policy, tags }: AlarmDesired,
  found: MetricAlarm | undefined,
  { aws }: AwsContext,
): Promise<AlarmState> {
  const others = (found?.AlarmActions ?? []).filter((action) => !isScalingPolicy(action));
  await aws.cloudWatch.putMetricAlarm({
    ...alarm,
    AlarmName: alarmName,
    AlarmActions: [policy, ...others],
    ...(found?.OKActions?.length ? { OKActions: found.OKActions } : {}),
    ...(found?.InsufficientDataActions?.length
      ? { InsufficientDataActions: found.InsufficientDataActions }
      : {}),
    ...(found === undefined ? { Tags: toTagList(tags) } : {}),
  });
  return { alarmName };
}

export const isScalingPolicy = (arn: string): boolean => arn.includes(":scalingPolicy:");

export const inNamesOrder = (dimensions: readonly Dimension[] = []): Dimension[] =>
  [...dimensions].sort((one, other) => ((one.Name ?? "") < (other.Name ?? "") ? -1 : 1));
