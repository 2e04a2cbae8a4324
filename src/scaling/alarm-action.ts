import type { MetricAlarm, PutMetricAlarmCommandInput } from "@aws-sdk/client-cloudwatch";
import { scaledName, scalingPolicyName } from "../aws/arn.js";
import type { AwsContext } from "../aws/context.js";
import { knownTags } from "../aws/known-tags.js";
import { ownerName, parseOwner } from "../aws/owner.js";
import { OWNER_TAG } from "../aws/tags.js";
import { isUnknown, UNKNOWN, type Found, type Kind, type Tagged, type Tags } from "../engine/kind.js";
import { QuaysideError } from "../errors.js";
import { autoScalingGroupName } from "../spec/derived-names.js";
import { isScalingPolicy, tagsOfAlarm } from "./alarm.js";
import { alarmsThatTrigger, describeAlarms } from "./describe-alarms.js";
import { existingAlarmKind } from "./existing-alarm.js";
import { ownedTargets } from "./owned-targets.js";
import { instanceStepPolicies } from "./instance-scaling-policy.js";
import { isQuaysideName } from "./quayside-name.js";
import { stepPolicies } from "./scaling-policy.js";

export interface AlarmActionDesired extends Tagged {
  /** An alarm that is not managed by quayside. */
  readonly alarmName: string;
  /** ARN of the scaling policy that it triggers, too. */
  readonly policy: string;
}

export interface AlarmActionState {
  readonly alarmName: string;
  readonly policy: string;
}

/** CloudWatch's maximum number of actions per state. */
const MAX_ACTIONS = 5;

/** The fields of PutMetricAlarm, which replaces a whole alarm. */
const WRITABLE = [
  "AlarmName",
  "AlarmDescription",
  "ActionsEnabled",
  "OKActions",
  "AlarmActions",
  "InsufficientDataActions",
  "MetricName",
  "Namespace",
  "Statistic",
  "ExtendedStatistic",
  "Dimensions",
  "Period",
  "Unit",
  "EvaluationPeriods",
  "DatapointsToAlarm",
  "Threshold",
  "ComparisonOperator",
  "TreatMissingData",
  "EvaluateLowSampleCountPercentile",
  "Metrics",
  "ThresholdMetricId",
] as const satisfies readonly (keyof MetricAlarm & keyof PutMetricAlarmCommandInput)[];

/** A scaling policy as an action of an existing alarm: nothing else of the alarm is changed. */
export const alarmActionKind: Kind<AlarmActionDesired, AlarmActionState, AwsContext> = {
  kind: "alarm-action",
  unknown: { alarmName: UNKNOWN, policy: UNKNOWN },
  dependsOn: ["scaling-policy", "instance-scaling-policy"],

  async read({ alarmName, policy, tags }, context) {
    const [alarm] = await describeAlarms({ AlarmNames: [alarmName] }, context);
    if (alarm === undefined || isUnknown(policy) || !alarm.AlarmActions?.includes(policy)) return undefined;
    return { state: { alarmName, policy }, current: { alarmName, policy }, tags };
  },

  async create({ alarmName, policy }, context) {
    await inTurn(alarmName, context, async () => {
      const [alarm] = await describeAlarms({ AlarmNames: [alarmName] }, context);
      if (alarm === undefined) throw existingAlarmKind.notFoundError!({ alarmName, tags: {} });
      const actions = alarm.AlarmActions ?? [];
      if (actions.includes(policy)) return;
      if (actions.length >= MAX_ACTIONS) throw tooManyActions(alarmName);
      await write(alarm, [...actions, policy], context);
    });
    return { alarmName, policy };
  },

  update: async (_desired, { state }) => state,

  async delete({ alarmName, policy }, context) {
    await inTurn(alarmName, context, async () => {
      const [alarm] = await describeAlarms({ AlarmNames: [alarmName] }, context);
      const actions = alarm?.AlarmActions ?? [];
      if (alarm === undefined || !actions.includes(policy)) return;
      await write(
        alarm,
        actions.filter((action) => action !== policy),
        context,
      );
    });
  },

  /** Alarms of others that trigger a policy of the owner's. */
  async findOwned(owner, context) {
    const type = parseOwner(owner)?.type;
    const services = type === "deployment" ? await ownedTargets(owner, context) : [];
    if (services.length === 0 && type !== "cluster") return [];
    const alarms = await alarmsOf(owner, context);
    const resourceIds = services.map(({ resourceId }) => resourceId);
    const found = await Promise.all(
      alarms.map(async (alarm): Promise<Found<AlarmActionState>[]> => {
        // AWS owns the alarms of target tracking, and deletes them with their policy.
        if (alarm.AlarmName?.startsWith("TargetTracking-")) return [];
        const policies = (alarm.AlarmActions ?? []).filter((action) =>
          scalesOwned(action, owner, resourceIds),
        );
        if (policies.length === 0 || (await isOwn(alarm, owner, context))) return [];
        return policies.map((policy) => ({
          name: alarmActionName(alarm.AlarmName ?? "", scaledName(policy), scalingPolicyName(policy)),
          state: { alarmName: alarm.AlarmName ?? "", policy },
          tags: { [OWNER_TAG]: owner },
        }));
      }),
    );
    return found.flat();
  },
};

/** The alarms that trigger the owner's policies. */
async function alarmsOf(owner: string, context: AwsContext): Promise<readonly MetricAlarm[]> {
  const cluster = ownerName(owner, "cluster");
  const policies = await (cluster === undefined
    ? stepPolicies(owner, context)
    : instanceStepPolicies(cluster, context));
  return alarmsThatTrigger(policies, context);
}

/** True if the owner has the alarm itself. The tagging API may not know its tags yet. */
async function isOwn({ AlarmArn = "" }: MetricAlarm, owner: string, context: AwsContext): Promise<boolean> {
  const wanted: Tags = { [OWNER_TAG]: owner };
  const tags = (await knownTags(AlarmArn, wanted, context)) ?? (await tagsOfAlarm(AlarmArn, context));
  return tags[OWNER_TAG] === owner;
}

/** One alarm can trigger policies of several services, which all have the same name. */
export const alarmActionName = (alarmName: string, scaled: string, policyName: string): string =>
  `${alarmName}/${scaled}/${policyName}`;

/**
 * True if the policy scales one of the owner's resources, by its ARN:
 * `…:resource/ecs/service/c/s:policyName/p`, `…:autoScalingGroupName/g:policyName/p`.
 */
function scalesOwned(arn: string, owner: string, resourceIds: readonly string[]): boolean {
  if (!isScalingPolicy(arn) || !isQuaysideName(scalingPolicyName(arn))) return false;
  if (resourceIds.some((id) => arn.includes(`:resource/ecs/${id}:`))) return true;
  const cluster = ownerName(owner, "cluster");
  return cluster !== undefined && arn.includes(`:autoScalingGroupName/${autoScalingGroupName(cluster)}:`);
}

/**
 * Changes an alarm after all other changes of this run to it: each one reads the alarm and writes it as a whole, so
 * that of two at the same time one would be lost.
 */
function inTurn(alarmName: string, { runCache }: AwsContext, change: () => Promise<void>): Promise<void> {
  const key = `changes of alarm ${alarmName}`;
  const before = (runCache.get(key) as Promise<void> | undefined) ?? Promise.resolve();
  const changed = before.then(change);
  runCache.set(
    key,
    changed.catch(() => {}),
  );
  return changed;
}

async function write(alarm: MetricAlarm, AlarmActions: string[], { aws }: AwsContext): Promise<void> {
  const kept = Object.fromEntries(
    WRITABLE.filter((key) => alarm[key] !== undefined).map((key) => [key, alarm[key]]),
  );
  await aws.cloudWatch.putMetricAlarm({
    ...(kept as unknown as PutMetricAlarmCommandInput),
    AlarmActions,
  });
}

const tooManyActions = (alarmName: string): QuaysideError =>
  new QuaysideError(
    "alarm-actions-full",
    `Alarm ${alarmName} cannot trigger scaling: it already has ${MAX_ACTIONS} actions, which is CloudWatch's maximum`,
    {
      facts: { alarm: alarmName },
      fix: "Remove one of its actions, or use another alarm.",
    },
  );
