import type { ScalingPolicy, ScheduledUpdateGroupAction } from "@aws-sdk/client-auto-scaling";
import type { Scheduled } from "../../core/clock.js";
import type { Due } from "../../core/cron.js";

export interface AutoScalingState {
  /** By name. */
  readonly groups: Map<string, AutoScalingGroup>;
}

export interface AutoScalingGroup {
  readonly name: string;
  readonly arn: string;
  readonly createdAt: Date;
  min: number;
  max: number;
  desired: number;
  /** `version` as it was given: a number, `$Latest` or `$Default`. */
  launchTemplate: { id: string; name: string; version: string };
  subnetIds: string[];
  newInstancesProtected: boolean;
  healthCheckType: string;
  healthCheckGracePeriod: number;
  defaultCooldown: number;
  readonly instances: Map<string, GroupInstance>;
  readonly tags: Map<string, { value: string; propagate: boolean }>;
  /** Oldest first. */
  readonly activities: ScalingActivity[];
  /** Launches that have failed since the last that has not: each makes the next try later. */
  failedLaunches: number;
  /** When the group looks next whether it has what it wants. */
  nextLook: Scheduled | undefined;
  deleting: boolean;
  /** By name. */
  readonly policies: Map<string, GroupPolicy>;
  /** By name. */
  readonly scheduledActions: Map<string, GroupSchedule>;
  /** Why its desired capacity is what it is, as its next activities say it. */
  cause: string;
}

export interface GroupSchedule {
  readonly description: ScheduledUpdateGroupAction;
  /** When it happens next, and after that; from a moment on. */
  readonly due: Due;
  readonly next: Scheduled;
}

export interface GroupPolicy {
  readonly description: ScalingPolicy;
  /** Until this clock time its last change is given to take effect. */
  quietUntil: number;
  /** What that change made of the group's size. */
  lastCapacity: number;
}

export interface GroupInstance {
  readonly id: string;
  lifecycle: "Pending" | "InService" | "Terminating:Wait" | "Terminating";
  protected: boolean;
  readonly zone: string;
  readonly templateVersion: string;
}

export interface ScalingActivity {
  readonly id: string;
  readonly startedAt: Date;
  endedAt: Date | undefined;
  readonly description: string;
  readonly cause: string;
  status: "InProgress" | "Successful" | "Failed";
  statusMessage: string | undefined;
}
