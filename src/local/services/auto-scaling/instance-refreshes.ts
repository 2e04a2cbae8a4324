import type * as AutoScaling from "@aws-sdk/client-auto-scaling";
import type { AutoScalingApi } from "../../../aws/api.js";
import type { Account } from "../../core/account.js";
import { appendBounded, RECORDED } from "../../core/append-bounded.js";
import { ServiceError } from "../../core/service-error.js";
import { templateVersion } from "../ec2/launch-template-reference.js";
import { liveMembers } from "./capacity.js";
import { describeConfiguration, requestedConfiguration } from "./group-settings.js";
import { advanceRefresh, isOutdated, rollBack } from "./instance-refresh.js";
import { activeRefresh } from "./refresh-state.js";
import { autoScalingPage, findGroup, requireAutoScaling, validationError } from "./request.js";
import type { AutoScalingGroup, InstanceRefresh, LaunchConfiguration } from "./state.js";

type Handlers = Pick<
  AutoScalingApi,
  "startInstanceRefresh" | "describeInstanceRefreshes" | "cancelInstanceRefresh" | "rollbackInstanceRefresh"
>;

export const createInstanceRefreshes = (account: Account): Handlers => ({
  async startInstanceRefresh(input) {
    requireAutoScaling(input, ["AutoScalingGroupName"]);
    const group = findGroup(account, input.AutoScalingGroupName);
    if (input.Strategy !== undefined && input.Strategy !== "Rolling")
      throw validationError(`The strategy ${input.Strategy} is not supported for this group.`);
    const preferences = checked(input.Preferences ?? {});
    const missing = preferences.AlarmSpecification?.Alarms?.find(
      (name) => !account.cloudWatch.alarms.has(name),
    );
    if (missing !== undefined) throw validationError(`The CloudWatch alarm ${missing} does not exist.`);
    const desired = input.DesiredConfiguration && requestedConfiguration(account, input.DesiredConfiguration);
    if (input.DesiredConfiguration !== undefined && desired === undefined)
      throw validationError(
        "The desired configuration must specify either a LaunchTemplate or a MixedInstancesPolicy.",
      );
    if (activeRefresh(group) !== undefined)
      throw new ServiceError(
        "InstanceRefreshInProgress",
        "An Instance Refresh is already in progress and blocks the execution of this Instance Refresh.",
      );
    if (preferences.AutoRollback === true) assertReversible(account, group, desired);
    const now = account.clock.now();
    const refresh: InstanceRefresh = {
      id: account.hex(32).replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-"),
      startedAt: now,
      preferences,
      desired: desired && fixedVersion(account, desired),
      status: "Pending",
      reason: undefined,
      endedAt: undefined,
      percent: 0,
      total: 0,
      toUpdate: 0,
      waitsUntil: undefined,
      checkpoints: 0,
      movedAt: now,
      rollback: undefined,
    };
    const total = liveMembers(group).filter((member) =>
      isOutdated(account, group, { ...refresh, startedAt: now + 1 }, member),
    ).length;
    const started = { ...refresh, total, toUpdate: total };
    appendBounded(group.refreshes, started, RECORDED.activities);
    advanceRefresh(account, group, started);
    return { InstanceRefreshId: started.id };
  },

  async describeInstanceRefreshes(input) {
    requireAutoScaling(input, ["AutoScalingGroupName"]);
    const group = findGroup(account, input.AutoScalingGroupName);
    const found = [...group.refreshes]
      .reverse()
      .filter(({ id }) => !input.InstanceRefreshIds?.length || input.InstanceRefreshIds.includes(id));
    const { items, nextToken } = autoScalingPage(found, input);
    return { InstanceRefreshes: items.map((refresh) => describe(group, refresh)), NextToken: nextToken };
  },

  async cancelInstanceRefresh(input) {
    requireAutoScaling(input, ["AutoScalingGroupName"]);
    const group = findGroup(account, input.AutoScalingGroupName);
    const refresh = found(group);
    refresh.status = "Cancelling";
    return { InstanceRefreshId: refresh.id };
  },

  async rollbackInstanceRefresh(input) {
    requireAutoScaling(input, ["AutoScalingGroupName"]);
    const group = findGroup(account, input.AutoScalingGroupName);
    const refresh = found(group);
    if (refresh.rollback !== undefined || refresh.status === "Cancelling")
      throw new ServiceError(
        "ActiveInstanceRefreshNotFound",
        `No in progress or pending Instance Refresh found for Auto Scaling group ${group.name}`,
      );
    assertReversible(account, group, refresh.desired);
    rollBack(account, group, refresh, "Manual rollback was initiated.", account.clock.now());
    return { InstanceRefreshId: refresh.id };
  },
});

function found(group: AutoScalingGroup): InstanceRefresh {
  const refresh = activeRefresh(group);
  if (refresh !== undefined) return refresh;
  throw new ServiceError(
    "ActiveInstanceRefreshNotFound",
    `No in progress or pending Instance Refresh found for Auto Scaling group ${group.name}`,
  );
}

/** Source: Auto Scaling API reference, RollbackInstanceRefresh. */
function assertReversible(
  account: Account,
  { launchTemplate }: AutoScalingGroup,
  desired: LaunchConfiguration | undefined,
): void {
  const template = account.ec2.launchTemplates.get(launchTemplate.id);
  const image = template && templateVersion(template, launchTemplate.version).data.ImageId;
  if (
    desired !== undefined &&
    !launchTemplate.version.startsWith("$") &&
    image?.startsWith("resolve:") !== true
  )
    return;
  throw new ServiceError(
    "IrreversibleInstanceRefresh",
    "The instance refresh cannot be rolled back: a desired configuration was not found, or an incompatible launch template (an SSM parameter instead of an AMI ID) or launch template version ($Latest or $Default) is present on the Auto Scaling group.",
  );
}

/** `$Latest` and `$Default` are those of the start. */
function fixedVersion(account: Account, desired: LaunchConfiguration): LaunchConfiguration {
  const { number } = templateVersion(account.ec2.launchTemplates.get(desired.id)!, desired.version);
  return { ...desired, version: String(number) };
}

/** Source: Auto Scaling API reference, RefreshPreferences. */
function checked(given: AutoScaling.RefreshPreferences): AutoScaling.RefreshPreferences {
  const { MinHealthyPercentage: min, MaxHealthyPercentage: max } = given;
  if (min !== undefined && (min < 0 || min > 100))
    throw validationError("MinHealthyPercentage must be between 0 and 100.");
  if (max !== undefined && (max < 100 || max > 200))
    throw validationError("MaxHealthyPercentage must be between 100 and 200.");
  if (max !== undefined && min === undefined)
    throw validationError("You must also specify MinHealthyPercentage if you specify MaxHealthyPercentage.");
  if (max !== undefined && min !== undefined && max - min > 100)
    throw validationError(
      "The difference between MinHealthyPercentage and MaxHealthyPercentage cannot be greater than 100.",
    );
  if ((given.AlarmSpecification?.Alarms ?? []).length > 10)
    throw validationError("AlarmSpecification can have at most 10 alarms.");
  const checkpoints = given.CheckpointPercentages ?? [];
  if (checkpoints.some((each, index) => each < 1 || each > 100 || each <= (checkpoints[index - 1] ?? 0)))
    throw validationError("CheckpointPercentages must be unique, between 1 and 100, and in ascending order.");
  if (given.CheckpointDelay !== undefined && checkpoints.length === 0)
    throw validationError("You must specify CheckpointPercentages if you specify CheckpointDelay.");
  for (const [name, value, valid] of [
    ["ScaleInProtectedInstances", given.ScaleInProtectedInstances, ["Refresh", "Ignore", "Wait"]],
    ["StandbyInstances", given.StandbyInstances, ["Terminate", "Ignore", "Wait"]],
  ] as const)
    if (value !== undefined && !(valid as readonly string[]).includes(value))
      throw validationError(`${name} must be one of ${valid.join(", ")}.`);
  return {
    MinHealthyPercentage: 90,
    SkipMatching: false,
    AutoRollback: false,
    ScaleInProtectedInstances: "Wait",
    StandbyInstances: "Wait",
    ...(checkpoints.length > 0 && { CheckpointDelay: 3600 }),
    ...given,
  };
}

const describe = (group: AutoScalingGroup, refresh: InstanceRefresh): AutoScaling.InstanceRefresh => ({
  InstanceRefreshId: refresh.id,
  AutoScalingGroupName: group.name,
  Status: refresh.status,
  StatusReason: refresh.reason,
  StartTime: new Date(refresh.startedAt),
  EndTime: refresh.endedAt === undefined ? undefined : new Date(refresh.endedAt),
  PercentageComplete: refresh.percent,
  InstancesToUpdate: refresh.toUpdate,
  Preferences: refresh.preferences,
  ...(refresh.desired !== undefined && { DesiredConfiguration: describeConfiguration(refresh.desired) }),
  ...(refresh.rollback !== undefined && {
    RollbackDetails: {
      RollbackReason: refresh.rollback.reason,
      RollbackStartTime: new Date(refresh.rollback.startedAt),
      PercentageCompleteOnRollback: refresh.rollback.percent,
      InstancesToUpdateOnRollback: refresh.rollback.toUpdate,
    },
  }),
});
