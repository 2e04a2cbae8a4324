import type { ScalingPolicy, ScheduledUpdateGroupAction } from "@aws-sdk/client-auto-scaling";
import type { Scheduled } from "../../core/clock.js";
import type { Due } from "../../core/cron.js";

export interface AutoScalingState {
  /** Keyed by name. */
  readonly groups: Map<string, AutoScalingGroup>;
}

export interface AutoScalingGroup {
  readonly name: string;
  readonly arn: string;
  readonly createdAt: Date;
  min: number;
  max: number;
  desired: number;
  /** `version` as the request gave it: a number, `$Latest` or `$Default`. */
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
  /** The number of consecutive failed launches: each one delays the next attempt further. */
  /** The service-linked role that it was created with. @defaultValue the account's */
  readonly serviceLinkedRoleArn: string | undefined;
  failedLaunches: number;
  /** The next time at which the group reconciles its capacity. */
  nextCapacityCheck: Scheduled | undefined;
  deleting: boolean;
  /** The processes that are suspended: `Launch`, `Terminate` … */
  readonly suspended: Set<string>;
  /** The target groups with which it registers its instances. */
  readonly targetGroupArns: Set<string>;
  /** Keyed by name. */
  readonly policies: Map<string, GroupPolicy>;
  /** Keyed by name. */
  readonly scheduledActions: Map<string, GroupSchedule>;
  /** Why the desired capacity has its value; the next activities quote it. */
  cause: string;
}

interface GroupSchedule {
  readonly description: ScheduledUpdateGroupAction;
  /** The times at which it runs, from a given moment on. */
  readonly due: Due;
  readonly next: Scheduled;
}

export interface GroupPolicy {
  readonly description: ScalingPolicy;
  /** The end of the cooldown of its last change, on this clock. */
  cooldownEndsAt: number;
  /** The size of the group that its last change set. */
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
