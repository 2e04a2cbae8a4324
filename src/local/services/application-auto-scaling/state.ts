import type {
  ScalableTarget,
  ScalingActivity,
  ScalingPolicy,
  ScheduledAction,
} from "@aws-sdk/client-application-auto-scaling";
import type { Scheduled } from "../../core/clock.js";

export interface ApplicationAutoScalingState {
  /** Keyed by resource id: `service/<cluster>/<service>`. */
  readonly scalableTargets: Map<string, ScalableTarget>;
  /** The tags of scalable targets, keyed by resource id. */
  readonly tags: Map<string, Map<string, string>>;
  /** Keyed by ARN. */
  readonly policies: Map<string, PolicyRecord>;
  /** Keyed by `resource id/name`. */
  readonly scheduledActions: Map<string, { readonly description: ScheduledAction; readonly next: Scheduled }>;
  /** Oldest first. */
  readonly activities: ScalingActivity[];
}

export interface PolicyRecord {
  readonly description: ScalingPolicy;
  /** The end of the cooldown of its last change, on this clock. */
  cooldownEndsAt: number;
  /** The number of tasks that its last change set. */
  lastCapacity: number;
}
