import type { ScalingPolicy } from "@aws-sdk/client-application-auto-scaling";
import type { Account } from "../../core/account.js";

/**
 * The smallest number of tasks that satisfies every target-tracking metric. One metric is enough to scale out,
 * and all must agree to scale in: a metric that is not low, or has no data, keeps `now`.
 */
export function scaleInTarget(account: Account, { ResourceId }: ScalingPolicy, now: number): number {
  const needs = [...account.applicationAutoScaling.policies.values()].flatMap(({ description }) => {
    const tracking = description.TargetTrackingScalingPolicyConfiguration;
    const isExcluded = tracking === undefined || tracking.DisableScaleIn === true;
    if (description.ResourceId !== ResourceId || isExcluded) return [];
    const low = (description.Alarms ?? [])
      .map(({ AlarmName = "" }) => account.cloudWatch.alarms.get(AlarmName))
      .find((alarm) => alarm?.description.ComparisonOperator?.startsWith("Less"));
    if (low?.description.StateValue !== "ALARM") return [now];
    return [Math.ceil((now * (low.minutes.at(-1) ?? 0)) / (tracking.TargetValue ?? 1))];
  });
  return Math.max(...needs);
}

/** The end of the cooldown of the last change that any policy of the service has made. */
export const cooldownEnd = (account: Account, { ResourceId }: ScalingPolicy): number =>
  Math.max(
    ...[...account.applicationAutoScaling.policies.values()]
      .filter(({ description }) => description.ResourceId === ResourceId)
      .map(({ cooldownEndsAt }) => cooldownEndsAt),
  );
