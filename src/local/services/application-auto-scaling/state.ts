import type {
  ScalableTarget,
  ScalingActivity,
  ScalingPolicy,
  ScheduledAction,
} from "@aws-sdk/client-application-auto-scaling";
import type { Scheduled } from "../../core/clock.js";

export interface ApplicationAutoScalingState {
  /** By resource id: `service/<cluster>/<service>`. */
  readonly scalableTargets: Map<string, ScalableTarget>;
  /** Of scalable targets, by their resource ids. */
  readonly tags: Map<string, Map<string, string>>;
  /** By ARN. */
  readonly policies: Map<string, PolicyRecord>;
  /** By `resource id/name`. */
  readonly scheduledActions: Map<string, { readonly description: ScheduledAction; readonly next: Scheduled }>;
  /** Oldest first. */
  readonly activities: ScalingActivity[];
}

export interface PolicyRecord {
  readonly description: ScalingPolicy;
  /** Until this clock time its last change is given to take effect. */
  quietUntil: number;
  /** What that change made of the number of tasks. */
  lastCapacity: number;
}
