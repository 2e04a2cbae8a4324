import type { ScalingPolicy } from "@aws-sdk/client-application-auto-scaling";
import type { Account } from "../../core/account.js";

/**
 * How few of `now` tasks would do for every metric that is held. One metric is enough to scale out, and
 * all must agree to scale in: one that is not low, or not measured, keeps them.
 */
export function enoughForAll(account: Account, { ResourceId }: ScalingPolicy, now: number): number {
  const needs = [...account.applicationAutoScaling.policies.values()].flatMap(({ description }) => {
    const tracking = description.TargetTrackingScalingPolicyConfiguration;
    const asksNothing = tracking === undefined || tracking.DisableScaleIn === true;
    if (description.ResourceId !== ResourceId || asksNothing) return [];
    const low = (description.Alarms ?? [])
      .map(({ AlarmName = "" }) => account.cloudWatch.alarms.get(AlarmName))
      .find((alarm) => alarm?.description.ComparisonOperator?.startsWith("Less"));
    if (low?.description.StateValue !== "ALARM") return [now];
    return [Math.ceil((now * (low.minutes.at(-1) ?? 0)) / (tracking.TargetValue ?? 1))];
  });
  return Math.max(...needs);
}

/** Until when what a service's policies have changed last is given to take effect. */
export const quietForAll = (account: Account, { ResourceId }: ScalingPolicy): number =>
  Math.max(
    ...[...account.applicationAutoScaling.policies.values()]
      .filter(({ description }) => description.ResourceId === ResourceId)
      .map(({ quietUntil }) => quietUntil),
  );
