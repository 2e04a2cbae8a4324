import type { ScalableTarget, ScalingPolicy, SuspendedState } from "@aws-sdk/client-application-auto-scaling";
import type { AwsContext } from "../aws/context.js";
import { describeTargets, SERVICE_COUNT } from "../aws/scalable-targets.js";
import { poll } from "../engine/poll.js";
import { describeAlarms } from "./describe-alarms.js";

/*
 * Whether a service's scaling may take tasks away. Application Auto Scaling keeps it with the scalable
 * target: it holds on when the process that said so is gone, and leaves bounds and schedules as they are.
 * https://docs.aws.amazon.com/autoscaling/application/userguide/application-auto-scaling-suspend-resume-scaling.html
 */
export type ScaleIn = "on" | "suspended";

const LOOK = 15_000;
/** CloudWatch has a minute's datapoint after one or two more; then an alarm is about what is, not about what was. */
const MOST = 4 * 60_000;

export const scaleInOf = ({ SuspendedState }: ScalableTarget): ScaleIn =>
  SuspendedState?.DynamicScalingInSuspended === true ? "suspended" : "on";

/** The whole of it, which is what RegisterScalableTarget takes: what somebody else has suspended stays so. */
export const suspendedState = (
  scaleIn: ScaleIn,
  { SuspendedState: before = {} }: Pick<ScalableTarget, "SuspendedState"> = {},
): SuspendedState => ({
  DynamicScalingInSuspended: scaleIn === "suspended",
  DynamicScalingOutSuspended: before.DynamicScalingOutSuspended ?? false,
  ScheduledScalingSuspended: before.ScheduledScalingSuspended ?? false,
});

/** From now on these services lose no task to their scaling. Writes only where one may; most have no scaling at all. */
export async function suspendScaleIn(resourceIds: readonly string[], context: AwsContext): Promise<void> {
  const targets = await describeTargets(resourceIds, context);
  await Promise.all(
    targets
      .filter((target) => scaleInOf(target) === "on")
      .map((target) =>
        context.aws.applicationAutoScaling.registerScalableTarget({
          ...SERVICE_COUNT,
          ResourceId: target.ResourceId ?? "",
          SuspendedState: suspendedState("suspended", target),
        }),
      ),
  );
}

/** Its scaling may take tasks away again, as soon as what it measures is about the load that it has now. */
export async function resumeScaleIn(resourceId: string, context: AwsContext): Promise<void> {
  const [target] = await describeTargets([resourceId], context);
  if (target === undefined || scaleInOf(target) === "on") return;
  await waitUntilMeasured(resourceId, context);
  await context.aws.applicationAutoScaling.registerScalableTarget({
    ...SERVICE_COUNT,
    ResourceId: resourceId,
    SuspendedState: suspendedState("on", target),
  });
}

/**
 * A service that had no requests until now looks idle for as long as its alarms look back: with scaling
 * in resumed it would at once lose tasks that it needs. Waits until no alarm says so any more, or the
 * alarms have seen the present load and still do.
 */
export async function waitUntilMeasured(resourceId: string, context: AwsContext): Promise<void> {
  const until = context.clock.now() + MOST;
  await poll(
    {
      context,
      every: LOOK,
      timeout: MOST + LOOK,
      what: `the alarms of ${resourceId} to know of its present load`,
      fix: "Deploy again: it lets the service be scaled in again.",
    },
    async () => (context.clock.now() >= until || !(await isLow(resourceId, context)) ? true : undefined),
  );
}

/** Whether an alarm that takes tasks away is in ALARM. */
async function isLow(ResourceId: string, context: AwsContext): Promise<boolean> {
  const { ScalingPolicies = [] } = await context.aws.applicationAutoScaling.describeScalingPolicies({
    ...SERVICE_COUNT,
    ResourceId,
  });
  const names = ScalingPolicies.flatMap(lowAlarms);
  if (names.length === 0) return false;
  const alarms = await describeAlarms({ AlarmNames: names }, context);
  return alarms.some(({ StateValue }) => StateValue === "ALARM");
}

/** Of target tracking, by the name that AWS gives it; of steps that only remove, all. */
function lowAlarms({ Alarms = [], StepScalingPolicyConfiguration: steps }: ScalingPolicy): string[] {
  const removes = steps?.StepAdjustments?.every(({ ScalingAdjustment = 0 }) => ScalingAdjustment < 0);
  return Alarms.flatMap(({ AlarmName = "" }) =>
    (steps === undefined ? AlarmName.includes("-AlarmLow-") : removes) ? [AlarmName] : [],
  );
}
