import type { ScalableTarget, ScalingPolicy, SuspendedState } from "@aws-sdk/client-application-auto-scaling";
import type { AwsContext } from "../aws/context.js";
import { describeTargets, SERVICE_COUNT } from "../aws/scalable-targets.js";
import { poll } from "../engine/poll.js";
import { describeAlarms } from "./describe-alarms.js";

/*
 * The setting that lets Application Auto Scaling scale a service in. It is part of the scalable target: it
 * outlives the process that set it, and leaves bounds and schedules as they are.
 * https://docs.aws.amazon.com/autoscaling/application/userguide/application-auto-scaling-suspend-resume-scaling.html
 */
export type ScaleIn = "on" | "suspended";

const EVERY = 15_000;
/** By then, CloudWatch has datapoints of the present load: each one arrives a minute or two late. */
const MAX_WAIT = 4 * 60_000;

export const scaleInOf = ({ SuspendedState }: ScalableTarget): ScaleIn =>
  SuspendedState?.DynamicScalingInSuspended === true ? "suspended" : "on";

/** The whole suspended state, as RegisterScalableTarget requires: other suspensions are kept. */
export const suspendedState = (
  scaleIn: ScaleIn,
  { SuspendedState: before = {} }: Pick<ScalableTarget, "SuspendedState"> = {},
): SuspendedState => ({
  DynamicScalingInSuspended: scaleIn === "suspended",
  DynamicScalingOutSuspended: before.DynamicScalingOutSuspended ?? false,
  ScheduledScalingSuspended: before.ScheduledScalingSuspended ?? false,
});

/** Suspends scale-in of these services. Writes only where it is on; most services do not scale at all. */
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

/** Resumes scale-in of a service, once its metrics reflect the present load. */
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
 * Waits until no alarm for scale-in is in ALARM, or the alarms have had time to see the present load. A
 * service that had no requests until now looks idle for as long as its alarms look back: if scale-in were
 * resumed at once, it would lose tasks that it needs.
 */
export async function waitUntilMeasured(resourceId: string, context: AwsContext): Promise<void> {
  const until = context.clock.now() + MAX_WAIT;
  await poll(
    {
      context,
      every: EVERY,
      timeout: MAX_WAIT + EVERY,
      what: `the alarms of ${resourceId} to reflect its present load`,
      fix: "Deploy again: this resumes scale-in of the service.",
    },
    async () => (context.clock.now() >= until || !(await isLow(resourceId, context)) ? true : undefined),
  );
}

/** True if an alarm that removes tasks is in ALARM. */
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

/**
 * The alarms that remove tasks: those of target tracking by AWS's name for them, and all alarms of steps that
 * only remove.
 */
function lowAlarms({ Alarms = [], StepScalingPolicyConfiguration: steps }: ScalingPolicy): string[] {
  const removes = steps?.StepAdjustments?.every(({ ScalingAdjustment = 0 }) => ScalingAdjustment < 0);
  return Alarms.flatMap(({ AlarmName = "" }) =>
    (steps === undefined ? AlarmName.includes("-AlarmLow-") : removes) ? [AlarmName] : [],
  );
}
