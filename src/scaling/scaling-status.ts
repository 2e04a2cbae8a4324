import type { AwsContext } from "../aws/context.js";
import { isUnsupportedOperation } from "../aws/error-code.js";
import { ignoreNotFound } from "../aws/not-found.js";
import { describeTargets, resourceIdOf, SERVICE_COUNT } from "../aws/scalable-targets.js";
import { alarmsThatTrigger } from "./describe-alarms.js";
import { scaleInOf, type ScaleIn } from "./scale-in.js";

/** The scaling of a service's tasks, or of a cluster's instances. */
export interface DimensionStatus {
  readonly desired: number;
  readonly min: number;
  readonly max: number;
  /** For a service's tasks: `suspended` while its policies may not remove any. @defaultValue `on` */
  readonly scaleIn?: ScaleIn | undefined;
  readonly policies: readonly { readonly name: string; readonly type: string }[];
  /** The alarms that trigger the policies, target tracking's own among them. */
  readonly alarms: readonly AlarmStatus[];
  /** Newest first, five at most. */
  readonly activities: readonly ActivityStatus[];
}

export interface AlarmStatus {
  readonly name: string;
  /** `OK`, `ALARM` or `INSUFFICIENT_DATA`. */
  readonly state: string;
  readonly reason: string;
}

export interface ActivityStatus {
  readonly at: Date;
  readonly description: string;
  readonly cause: string;
}

const ACTIVITIES_SHOWN = 5;

/** The scaling of a service's tasks; `undefined` if the service does not scale. */
export async function tasksDimension(
  {
    cluster,
    service,
    desired,
  }: { readonly cluster: string; readonly service: string; readonly desired: number },
  context: AwsContext,
): Promise<DimensionStatus | undefined> {
  const ResourceId = resourceIdOf(cluster, service);
  const [target] = await describeTargets([ResourceId], context);
  if (target === undefined) return undefined;
  const { applicationAutoScaling } = context.aws;
  const [policies, activities] = await Promise.all([
    applicationAutoScaling.describeScalingPolicies({ ...SERVICE_COUNT, ResourceId }),
    ignoreUnsupported(applicationAutoScaling.describeScalingActivities({ ...SERVICE_COUNT, ResourceId })),
  ]);
  const found = policies.ScalingPolicies ?? [];
  return {
    desired,
    min: target.MinCapacity ?? 0,
    max: target.MaxCapacity ?? 0,
    ...(scaleInOf(target) === "suspended" && { scaleIn: "suspended" as const }),
    policies: found.map(({ PolicyName = "", PolicyType = "" }) => ({ name: PolicyName, type: PolicyType })),
    alarms: await alarmsOf(
      found.map(({ PolicyARN }) => PolicyARN),
      context,
    ),
    activities: (activities?.ScalingActivities ?? []).slice(0, ACTIVITIES_SHOWN).map((activity) => ({
      at: activity.StartTime ?? new Date(0),
      description: activity.Description ?? "",
      cause: activity.Cause ?? "",
    })),
  };
}

/** The scaling of an Auto Scaling group; `undefined` if the group does not exist. */
export async function instancesDimension(
  AutoScalingGroupName: string,
  context: AwsContext,
): Promise<DimensionStatus | undefined> {
  const { autoScaling } = context.aws;
  const { AutoScalingGroups } = await autoScaling.describeAutoScalingGroups({
    AutoScalingGroupNames: [AutoScalingGroupName],
  });
  const group = AutoScalingGroups?.[0];
  if (group === undefined) return undefined;
  const [policies, activities] = await Promise.all([
    ignoreNotFound(autoScaling.describePolicies({ AutoScalingGroupName })),
    ignoreNotFound(autoScaling.describeScalingActivities({ AutoScalingGroupName })),
  ]);
  const found = policies?.ScalingPolicies ?? [];
  return {
    desired: group.DesiredCapacity ?? 0,
    min: group.MinSize ?? 0,
    max: group.MaxSize ?? 0,
    policies: found.map(({ PolicyName = "", PolicyType = "" }) => ({ name: PolicyName, type: PolicyType })),
    alarms: await alarmsOf(
      found.map(({ PolicyARN }) => PolicyARN),
      context,
    ),
    activities: (activities?.Activities ?? []).slice(0, ACTIVITIES_SHOWN).map((activity) => ({
      at: activity.StartTime ?? new Date(0),
      description: activity.Description ?? "",
      cause: activity.Cause ?? "",
    })),
  };
}

async function alarmsOf(
  policies: readonly (string | undefined)[],
  context: AwsContext,
): Promise<readonly AlarmStatus[]> {
  const arns = policies.flatMap((policy) => policy ?? []);
  const alarms = await alarmsThatTrigger(arns, context);
  return alarms
    .filter(({ AlarmActions = [] }) => AlarmActions.some((action) => policies.includes(action)))
    .map(({ AlarmName = "", StateValue = "INSUFFICIENT_DATA", StateReason = "" }) => ({
      name: AlarmName,
      state: StateValue,
      reason: StateReason,
    }));
}

/** Returns `undefined` if the endpoint does not support the call. */
async function ignoreUnsupported<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    if (isUnsupportedOperation(error)) return undefined;
    throw error;
  }
}
