import type {
  LaunchConfiguration as Description,
  InstanceRefreshStatus,
  InstancesDistribution,
  LaunchTemplateOverrides,
  RefreshPreferences,
  ScalingPolicy,
  ScheduledUpdateGroupAction,
} from "@aws-sdk/client-auto-scaling";
import type { Scheduled } from "../../core/clock.js";
import type { Due } from "../../core/cron.js";
import type { LaunchTemplateData } from "../ec2/state.js";

export interface AutoScalingState {
  /** Keyed by name. */
  readonly groups: Map<string, AutoScalingGroup>;
  /** Keyed by name. */
  readonly launchConfigurations: Map<string, LaunchConfigurationRecord>;
}

/** A launch configuration, which launch templates have replaced. */
export interface LaunchConfigurationRecord {
  readonly description: Description;
  /** What it means for a launch. */
  readonly data: LaunchTemplateData;
}

export interface AutoScalingGroup {
  readonly name: string;
  readonly arn: string;
  readonly createdAt: Date;
  min: number;
  max: number;
  desired: number;
  launchTemplate: LaunchConfiguration;
  subnetIds: string[];
  newInstancesProtected: boolean;
  /** In their order. */
  terminationPolicies: readonly string[];
  healthCheckType: string;
  healthCheckGracePeriod: number;
  defaultCooldown: number;
  /** True if Spot Instances that EC2 takes back are replaced before they are terminated. */
  capacityRebalance: boolean;
  readonly instances: Map<string, GroupInstance>;
  /** Oldest first. */
  readonly refreshes: InstanceRefresh[];
  /** The number of instances above the desired capacity, while others are replaced. */
  surplus: number;
  readonly tags: Map<string, { value: string; propagate: boolean }>;
  /** Oldest first. */
  readonly activities: ScalingActivity[];
  /** The service-linked role that it was created with. @defaultValue the account's */
  readonly serviceLinkedRoleArn: string | undefined;
  /** The number of consecutive failed launches: each one delays the next attempt further. */
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

/** What a group launches: of a launch template, or of a launch configuration, which has no versions. */
export interface LaunchConfiguration {
  readonly from: "template" | "configuration";
  readonly id: string;
  readonly name: string;
  /** As the request gave it: a number, `$Latest` or `$Default`. */
  readonly version: string;
  readonly mixed?: MixedInstances | undefined;
}

/** A mixed instances policy. */
export interface MixedInstances {
  /** The types of the overrides, in order; none: that of the launch template. */
  readonly types: readonly string[];
  readonly overrides: readonly LaunchTemplateOverrides[];
  readonly distribution: InstancesDistribution;
}

export interface InstanceRefresh {
  readonly id: string;
  readonly startedAt: number;
  readonly preferences: RefreshPreferences;
  /** `undefined`: the group's own configuration. */
  readonly desired: LaunchConfiguration | undefined;
  /** The number of instances that it has to replace. */
  readonly total: number;
  status: InstanceRefreshStatus;
  reason: string | undefined;
  endedAt: number | undefined;
  percent: number;
  toUpdate: number;
  /** The time until which it waits: at a checkpoint, or while it bakes. */
  waitsUntil: number | undefined;
  /** The number of checkpoints that were passed. */
  checkpoints: number;
  /** The last time at which something was replaced. */
  movedAt: number;
  rollback:
    | {
        readonly reason: string;
        readonly startedAt: number;
        readonly percent: number;
        readonly toUpdate: number;
      }
    | undefined;
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
  lifecycle: "Pending" | "InService" | "Standby" | "Terminating:Wait" | "Terminating";
  protected: boolean;
  readonly zone: string;
  /** What it was launched from, with the number of the version. */
  readonly launched: Pick<LaunchConfiguration, "from" | "id" | "name" | "version">;
  readonly launchedAt: number;
  inServiceAt: number | undefined;
  /** True if the group replaces it before it is terminated: EC2 takes it back, or its zone has too many. */
  isAtRisk: boolean;
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
