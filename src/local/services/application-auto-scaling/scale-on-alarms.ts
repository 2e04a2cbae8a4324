import type { MetricAlarm } from "@aws-sdk/client-cloudwatch";
import type { Account, ActionResult } from "../../core/account.js";
import { capacityChange } from "../auto-scaling/step-adjustments.js";
import { setCapacity } from "./capacity.js";
import { scaleInTarget, cooldownEnd } from "./scale-in-target.js";
import { serviceOfTarget } from "./request.js";
import type { PolicyRecord } from "./state.js";

const DEFAULT_COOLDOWN = 300;

/** Lets alarms trigger scaling policies, which change the number of tasks. */
export function scaleOnAlarms(account: Account): void {
  account.events.alarmTriggered.push((arn, alarm, value) => {
    const policy = account.applicationAutoScaling.policies.get(arn);
    return policy === undefined ? "idle" : applyPolicy(account, policy, alarm, value);
  });
}

function applyPolicy(
  account: Account,
  policy: PolicyRecord,
  alarm: MetricAlarm,
  value: number,
): ActionResult {
  const { ResourceId = "", PolicyName } = policy.description;
  const target = account.applicationAutoScaling.scalableTargets.get(ResourceId);
  const service = serviceOfTarget(account, ResourceId);
  if (target === undefined || service === undefined) return "idle";
  const { MinCapacity: min = 0, MaxCapacity: max = 0, SuspendedState: suspended } = target;
  const now = service.description.desiredCount ?? 0;
  const requested = requestedCapacity(account, policy, alarm, value, now);
  const wanted = Math.min(max, Math.max(min, requested));
  // A desired count that was set below the bounds is raised by scale-out only.
  if (wanted === now || (requested <= now && wanted > now)) return "idle";
  if (wanted < now ? suspended?.DynamicScalingInSuspended : suspended?.DynamicScalingOutSuspended)
    return "idle";

  const cooldownEndsAt = wanted < now ? cooldownEnd(account, policy.description) : policy.cooldownEndsAt;
  const isCoolingDown = account.clock.now() < cooldownEndsAt;
  // During the cooldown, only an increase beyond the last one is applied, and nothing is removed.
  if (isCoolingDown && (wanted < now || wanted <= policy.lastCapacity)) return "waiting";
  // AWS does not scale in during a deployment.
  const isDeploying = service.rollouts[0]?.deployment.rolloutState === "IN_PROGRESS";
  if (wanted < now && isDeploying) return "waiting";
  const cause = `monitor alarm ${alarm.AlarmName} in state ALARM triggered policy ${PolicyName}`;
  setCapacity(account, ResourceId, wanted, cause);
  policy.cooldownEndsAt = account.clock.now() + cooldownOf(policy, wanted > now) * 1000;
  policy.lastCapacity = wanted;
  return "changed";
}

function requestedCapacity(
  account: Account,
  { description }: PolicyRecord,
  alarm: MetricAlarm,
  value: number,
  now: number,
): number {
  const steps = description.StepScalingPolicyConfiguration;
  if (steps !== undefined) {
    const from = value - (alarm.Threshold ?? 0);
    return now + capacityChange(steps, steps.StepAdjustments ?? [], from, now);
  }
  const target = description.TargetTrackingScalingPolicyConfiguration?.TargetValue ?? 1;
  // Scale-out is proportional and immediate; scale-in is one task at a time, down to what satisfies every
  // metric.
  const isHigh = alarm.ComparisonOperator?.startsWith("Greater");
  if (isHigh) return Math.ceil((now * value) / target);
  return Math.max(now - 1, scaleInTarget(account, description, now));
}

function cooldownOf({ description }: PolicyRecord, out: boolean): number {
  const steps = description.StepScalingPolicyConfiguration;
  if (steps !== undefined) return steps.Cooldown ?? DEFAULT_COOLDOWN;
  const tracking = description.TargetTrackingScalingPolicyConfiguration;
  return (out ? tracking?.ScaleOutCooldown : tracking?.ScaleInCooldown) ?? DEFAULT_COOLDOWN;
}
