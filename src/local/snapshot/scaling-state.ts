import type {
  ScalableTargetAction,
  StepScalingPolicyConfiguration,
  TargetTrackingScalingPolicyConfiguration,
} from "@aws-sdk/client-application-auto-scaling";

export interface ScalableTargetState {
  readonly tags: Readonly<Record<string, string>>;
  readonly min?: number | undefined;
  readonly max?: number | undefined;
  /** What is suspended: `DynamicScalingInSuspended`. */
  readonly suspended: readonly string[];
}

/** A policy of a scalable target. */
export interface ScalingPolicyState {
  readonly type?: string | undefined;
  readonly steps?: StepScalingPolicyConfiguration | undefined;
  readonly target?: TargetTrackingScalingPolicyConfiguration | undefined;
}

/** A scheduled action of a scalable target (`schedule`, `action`) or of a group (`recurrence`, `min`, `max`). */
export interface ScheduledActionState {
  readonly schedule?: string | undefined;
  readonly action?: ScalableTargetAction | undefined;
  readonly recurrence?: string | undefined;
  readonly start?: string | undefined;
  readonly timezone?: string | undefined;
  readonly min?: number | undefined;
  readonly max?: number | undefined;
}
