import type { InstanceRefresh, RefreshPreferences } from "@aws-sdk/client-auto-scaling";
import type { AwsContext } from "../aws/context.js";
import { hasErrorCode } from "../aws/error-code.js";
import { poll, waitReporter } from "../engine/poll.js";
import { QuaysideError, TimeoutError } from "../errors.js";
import { describeGroup } from "./auto-scaling-group.js";
import { isCurrentHost, type HostConfiguration } from "./host-configuration.js";
import { launchConfiguration } from "./launch-configuration.js";

/**
 * An instance is replaced before it is terminated, also if it is protected from scale-in, as ECS protects instances
 * with tasks: managed draining then lets go of it. A new one has time to register and to start tasks.
 */
const PREFERENCES = Object.freeze({
  MinHealthyPercentage: 100,
  MaxHealthyPercentage: 110,
  InstanceWarmup: 120,
  SkipMatching: true,
  AutoRollback: true,
  ScaleInProtectedInstances: "Refresh",
  StandbyInstances: "Terminate",
} as const satisfies RefreshPreferences);

const ENDED: readonly (string | undefined)[] = [
  ...["Successful", "Failed", "Cancelled", "RollbackSuccessful", "RollbackFailed"],
];

const POLL = 15_000;
/** A task that does not end can hold up the draining of its instance for 48 hours. */
const LONGEST = 72 * 3_600_000;

/** Replaces all instances of a group that are not of the configuration, or follows the run that does. */
export async function refreshInstances(wanted: HostConfiguration, context: AwsContext): Promise<void> {
  const report = waitReporter(context, "instance-refresh", wanted.groupName);
  const present = await activeRefresh(wanted.groupName, context);
  if (present !== undefined && !isFor(wanted, present)) await waitForOther(wanted, present, report, context);
  const id =
    present !== undefined && isFor(wanted, present)
      ? joined(present, report)
      : await started(wanted, report, context);
  if (id !== undefined) await followed(wanted, id, report, context);
  await untilReplaced(wanted, report, context);
}

function joined(present: InstanceRefresh, report: (why: string) => void): string {
  report(`instance refresh ${present.InstanceRefreshId} is already under way`);
  return present.InstanceRefreshId!;
}

/** Another one is respected: it is neither canceled nor replaced. */
async function waitForOther(
  { groupName }: HostConfiguration,
  present: InstanceRefresh,
  report: (why: string) => void,
  context: AwsContext,
): Promise<void> {
  const id = present.InstanceRefreshId!;
  const since = present.StartTime?.toISOString();
  const what = `instance refresh ${id} of ${groupName} to end, which this run did not start`;
  await poll({ every: POLL, timeout: LONGEST, context, what }, async () => {
    const refresh = await describeRefresh(groupName, id, context);
    if (refresh === undefined || ENDED.includes(refresh.Status)) return true;
    const progress = `${refresh.Status} (${refresh.PercentageComplete ?? 0} %)`;
    report(`instance refresh ${id}, which another actor started at ${since}, is ${progress}`);
    return undefined;
  });
}

/** Starts the refresh; `undefined` if no instance has to be replaced. */
async function started(
  wanted: HostConfiguration,
  report: (why: string) => void,
  context: AwsContext,
): Promise<string | undefined> {
  const { autoScaling } = context.aws;
  const { groupName } = wanted;
  const group = await describeGroup(groupName, context);
  const outdated = (group?.Instances ?? []).filter((instance) => !isCurrentHost(wanted, instance));
  if (group === undefined || outdated.length === 0) {
    await autoScaling.updateAutoScalingGroup({
      AutoScalingGroupName: groupName,
      ...launchConfiguration(wanted),
    });
    return undefined;
  }
  await restorable(wanted, group.LaunchTemplate?.Version, outdated[0]!.LaunchTemplate?.Version, context);
  try {
    const { InstanceRefreshId } = await start(wanted, true, context);
    return InstanceRefreshId!;
  } catch (error) {
    // A group that was never given a template by its version cannot be rolled back.
    if (hasErrorCode(error, "IrreversibleInstanceRefresh"))
      return (await start(wanted, false, context)).InstanceRefreshId!;
    // The answer to our request was lost, or another process of ours was faster.
    const present = hasErrorCode(error, "InstanceRefreshInProgress")
      ? await activeRefresh(groupName, context)
      : undefined;
    if (present === undefined || !isFor(wanted, present)) throw error;
    return joined(present, report);
  }
}

const start = (wanted: HostConfiguration, reversible: boolean, { aws }: AwsContext) =>
  aws.autoScaling.startInstanceRefresh({
    AutoScalingGroupName: wanted.groupName,
    Strategy: "Rolling",
    DesiredConfiguration: launchConfiguration(wanted),
    Preferences: {
      ...PREFERENCES,
      AutoRollback: reversible,
      ...(wanted.alarms !== undefined && { AlarmSpecification: { Alarms: [...wanted.alarms] } }),
    },
  });

/**
 * A rollback goes back to what the group has when the refresh begins. If an earlier run has given it the new version
 * already, that would be no way back: the group gets the version that its instances have.
 */
async function restorable(
  wanted: HostConfiguration,
  ofGroup: string | undefined,
  ofInstances: string | undefined,
  { aws }: AwsContext,
): Promise<void> {
  if (ofGroup !== wanted.launchTemplateVersion || ofInstances === undefined || ofInstances === ofGroup)
    return;
  await aws.autoScaling
    .updateAutoScalingGroup({
      AutoScalingGroupName: wanted.groupName,
      ...launchConfiguration({ ...wanted, launchTemplateVersion: ofInstances }),
    })
    .catch((error: unknown) => {
      // Its AMI, key pair or security group may no longer exist: then there is nothing to go back to.
      if (!hasErrorCode(error, "ValidationError")) throw error;
    });
}

/** Follows the refresh until it has ended; a run that is aborted rolls it back. */
async function followed(
  wanted: HostConfiguration,
  id: string,
  report: (why: string) => void,
  context: AwsContext,
): Promise<void> {
  const { groupName } = wanted;
  const what = `instance refresh ${id} of ${groupName}`;
  const fix =
    "The refresh goes on without this run. Run it again to follow it: a refresh that is under way is resumed.";
  let reason: string | undefined;
  try {
    await poll({ every: POLL, timeout: LONGEST, context, what, fix, why: () => reason }, async () => {
      const refresh = await describeRefresh(groupName, id, context);
      reason = refresh?.StatusReason;
      if (refresh === undefined || refresh.Status === "Successful") return true;
      if (ENDED.includes(refresh.Status)) throw await failed(groupName, refresh, context);
      noteProgress(groupName, refresh, report, context);
      return undefined;
    });
  } catch (error) {
    if (context.signal.aborted && !(context.signal.reason instanceof TimeoutError))
      await undo(groupName, id, context);
    throw error;
  }
}

function noteProgress(
  groupName: string,
  { Status, StatusReason, PercentageComplete: percent = 0, InstancesToUpdate: left = 0 }: InstanceRefresh,
  report: (why: string) => void,
  { emit, clock }: AwsContext,
): void {
  if (StatusReason !== undefined) report(StatusReason);
  const text = Status === "RollbackInProgress" ? "rolling back" : `${left} to replace`;
  const event = { type: "progress", resource: "instance-refresh", name: groupName } as const;
  emit({ ...event, at: clock.now(), phase: "refresh", text, done: percent, total: 100, unit: undefined });
}

/** Rolls the refresh back, or cancels it where AWS cannot; AWS goes on with that by itself. */
async function undo(groupName: string, id: string, context: AwsContext): Promise<void> {
  const AutoScalingGroupName = groupName;
  const warn = (message: string) => context.emit({ type: "warning", at: context.clock.now(), message });
  await context
    .cleanUp(async ({ aws }) => {
      try {
        await aws.autoScaling.rollbackInstanceRefresh({ AutoScalingGroupName });
        warn(
          `instance refresh ${id} of ${groupName} is rolled back: AWS replaces its new instances by the ones before`,
        );
      } catch (error) {
        if (!hasErrorCode(error, "IrreversibleInstanceRefresh")) throw error;
        await aws.autoScaling.cancelInstanceRefresh({ AutoScalingGroupName });
        warn(
          `instance refresh ${id} of ${groupName} is canceled: it cannot be rolled back, and its new instances stay`,
        );
      }
    })
    .catch((error: unknown) => {
      if (!hasErrorCode(error, "ActiveInstanceRefreshNotFound"))
        warn(
          `instance refresh ${id} of ${groupName} could not be rolled back, and goes on: ${String(error)}`,
        );
    });
}

async function failed(
  groupName: string,
  { InstanceRefreshId: id, Status, StatusReason, RollbackDetails }: InstanceRefresh,
  { aws }: AwsContext,
): Promise<QuaysideError> {
  const { Activities = [] } = await aws.autoScaling.describeScalingActivities({
    AutoScalingGroupName: groupName,
    MaxRecords: 20,
  });
  const activity = Activities.find(({ StatusCode }) => StatusCode === "Failed")?.StatusMessage;
  const why = RollbackDetails?.RollbackReason ?? StatusReason ?? activity ?? "AWS gives no reason";
  return new QuaysideError(
    "refresh-failed",
    `Instance refresh ${id} of ${groupName} ended as ${Status}: ${why}`,
    {
      facts: { group: groupName, refresh: id, status: Status, reason: StatusReason, activity },
      fix:
        Status === "RollbackSuccessful"
          ? "The instances are as they were before. Mend the cause, then run again."
          : "Some instances may be new. Mend the cause, then run again: only those that are out of date are replaced.",
    },
  );
}

/** Waits until the instances that were replaced are drained and terminated. */
async function untilReplaced(
  wanted: HostConfiguration,
  report: (why: string) => void,
  context: AwsContext,
): Promise<void> {
  const what = `the replaced instances of ${wanted.groupName} to be drained`;
  await poll({ every: POLL, timeout: LONGEST, context, what }, async () => {
    const group = await describeGroup(wanted.groupName, context);
    const old = (group?.Instances ?? []).filter((instance) => !isCurrentHost(wanted, instance));
    if (old.length === 0) return true;
    const ids = old.map(({ InstanceId }) => InstanceId).join(", ");
    report(`${ids} ${old.length === 1 ? "is" : "are"} drained`);
    return undefined;
  });
}

/** True if it makes the instances what they are wanted to be, whoever started it. */
function isFor(
  wanted: HostConfiguration,
  { DesiredConfiguration, Status, Preferences }: InstanceRefresh,
): boolean {
  const template =
    DesiredConfiguration?.LaunchTemplate ??
    DesiredConfiguration?.MixedInstancesPolicy?.LaunchTemplate?.LaunchTemplateSpecification;
  return (
    (Status === "Pending" || Status === "InProgress" || Status === "Baking") &&
    template?.LaunchTemplateId === wanted.launchTemplateId &&
    template.Version === wanted.launchTemplateVersion &&
    Preferences?.MinHealthyPercentage === PREFERENCES.MinHealthyPercentage &&
    Preferences.ScaleInProtectedInstances === PREFERENCES.ScaleInProtectedInstances
  );
}

async function activeRefresh(groupName: string, { aws }: AwsContext): Promise<InstanceRefresh | undefined> {
  const { InstanceRefreshes = [] } = await aws.autoScaling.describeInstanceRefreshes({
    AutoScalingGroupName: groupName,
    MaxRecords: 1,
  });
  return InstanceRefreshes.find(({ Status }) => !ENDED.includes(Status));
}

async function describeRefresh(
  groupName: string,
  id: string,
  { aws }: AwsContext,
): Promise<InstanceRefresh | undefined> {
  const { InstanceRefreshes = [] } = await aws.autoScaling.describeInstanceRefreshes({
    AutoScalingGroupName: groupName,
    InstanceRefreshIds: [id],
  });
  return InstanceRefreshes[0];
}
