import type { Account } from "../../core/account.js";
import { durations } from "../../core/durations.js";
import { launchData } from "./launch-data.js";
import { liveMembers, scheduleCapacityCheck, takeInstance, terminateGroupInstance } from "./capacity.js";
import { activeRefresh } from "./refresh-state.js";
import type { AutoScalingGroup, GroupInstance, InstanceRefresh, LaunchConfiguration } from "./state.js";

/*
 * Replaces the instances of a group, a batch at a time. Source: EC2 Auto Scaling User Guide, "How an instance refresh
 * works in an Auto Scaling group"; API reference, RefreshPreferences.
 */

/** Lets the refresh go on, again and again until it has ended. */
export function advanceRefresh(account: Account, group: AutoScalingGroup, refresh: InstanceRefresh): void {
  account.clock.schedule(durations.instanceRefreshStep, () => {
    if (activeRefresh(group) !== refresh) return;
    if (group.deleting) return end(account, group, refresh, "Cancelled");
    if (!group.suspended.has("InstanceRefresh")) step(account, group, refresh);
    if (activeRefresh(group) === refresh) advanceRefresh(account, group, refresh);
  });
}

function step(account: Account, group: AutoScalingGroup, refresh: InstanceRefresh): void {
  const now = account.clock.now();
  if (refresh.status === "Pending") refresh.status = "InProgress";
  const live = liveMembers(group);
  const outdated = live.filter((member) => isOutdated(account, group, refresh, member));
  const ready = live.filter((member) => isReady(account, group, refresh, member));
  const updated = ready.filter((member) => !outdated.includes(member)).length;
  noteProgress(refresh, outdated.length, updated, now);
  const alarm = alarmOf(account, refresh);
  if (alarm !== undefined) return fail(account, group, refresh, alarm, now);
  if (refresh.status === "Cancelling") return cancelling(account, group, refresh, live, outdated);
  if (waits(account, group, refresh, now, outdated)) return;
  const waitsFor = standby(account, group, refresh);
  const blocked = outdated.filter((member) => isBlocked(refresh, member));
  const candidates = outdated.filter((member) => !blocked.includes(member));
  const isIgnoring = refresh.preferences.ScaleInProtectedInstances === "Ignore";
  if (candidates.length === 0 && waitsFor.length === 0 && (blocked.length === 0 || isIgnoring)) {
    const isWarm = live.every((member) => ready.includes(member));
    if (isWarm && live.length >= group.desired) return complete(account, group, refresh, now);
    const warming = live.find((member) => !ready.includes(member));
    const example = warming === undefined ? "" : ` For example: ${warming.id} is warming up.`;
    refresh.reason = `Waiting for instances to warm up before continuing.${example}`;
  }
  if (now - refresh.movedAt > durations.instanceRefreshPatience)
    return fail(account, group, refresh, stuck(group, blocked, waitsFor), now);
  if (candidates.length === 0 && blocked.length > 0)
    refresh.reason = `Waiting for instances to no longer be protected from scale in. For example: ${blocked[0]!.id}.`;
  else if (candidates.length === 0 && waitsFor.length > 0)
    refresh.reason = `Waiting for instances to leave Standby. For example: ${waitsFor[0]!.id}.`;
  replace(account, group, refresh, candidates, { live: live.length, ready: ready.length });
}

/** Terminates as many as may be missing, and launches as many as may be too many. */
function replace(
  account: Account,
  group: AutoScalingGroup,
  refresh: InstanceRefresh,
  candidates: readonly GroupInstance[],
  count: { readonly live: number; readonly ready: number },
): void {
  const { MinHealthyPercentage: min = 90, MaxHealthyPercentage: max = 100 } = refresh.preferences;
  const fewest = Math.ceil((group.desired * min) / 100);
  // One at least is replaced at a time.
  const least = min < 100 && max === 100 ? Math.min(fewest, group.desired - 1) : fewest;
  // With a minimum of 100 percent, an instance is replaced before it is terminated, whatever the maximum.
  const most = Math.max(Math.ceil((group.desired * max) / 100), least + (min === 100 ? 1 : 0));
  const leaving = candidates.slice(0, Math.max(0, count.ready - least));
  for (const member of leaving) {
    takeInstance(account, group, member, refreshCause(account, member));
    refresh.movedAt = account.clock.now();
  }
  group.surplus = Math.min(most - group.desired, candidates.length - leaving.length);
  scheduleCapacityCheck(account, group);
}

/** AWS's words for the end of an instance, from notifications of accounts. */
function refreshCause(account: Account, { id }: GroupInstance): string {
  const at = new Date(account.clock.now()).toISOString();
  return `At ${at} an instance was taken out of service in response to an instance refresh.  At ${at} instance ${id} was selected for termination.`;
}

/** With skip matching, by what an instance was launched from; otherwise, by when. */
export function isOutdated(
  account: Account,
  group: AutoScalingGroup,
  refresh: InstanceRefresh,
  member: GroupInstance,
): boolean {
  const { rollback, startedAt, preferences } = refresh;
  if (rollback !== undefined)
    return (
      member.launchedAt >= startedAt &&
      member.launchedAt < rollback.startedAt &&
      !matches(account, group.launchTemplate, member)
    );
  const wanted = refresh.desired ?? group.launchTemplate;
  return preferences.SkipMatching === true
    ? !matches(account, wanted, member)
    : member.launchedAt < startedAt;
}

function matches(account: Account, wanted: LaunchConfiguration, member: GroupInstance): boolean {
  const { launched } = member;
  const isSame = launched.from === wanted.from && launched.id === wanted.id && launched.name === wanted.name;
  if (!isSame || (wanted.from === "template" && !account.ec2.launchTemplates.has(wanted.id))) return false;
  const { data, launched: now } = launchData(account, wanted);
  if (now.version !== launched.version) return false;
  const types: readonly unknown[] = wanted.mixed?.types.length ? wanted.mixed.types : [data.InstanceType];
  return types.includes(account.ec2.instances.get(member.id)?.instanceType ?? "");
}

const isBlocked = ({ preferences }: InstanceRefresh, member: GroupInstance): boolean =>
  member.protected && preferences.ScaleInProtectedInstances !== "Refresh";

/** In service, and warmed up. */
function isReady(
  account: Account,
  group: AutoScalingGroup,
  { preferences, startedAt }: InstanceRefresh,
  { lifecycle, inServiceAt, launchedAt }: GroupInstance,
): boolean {
  if (lifecycle !== "InService") return false;
  const warmup = preferences.InstanceWarmup ?? group.healthCheckGracePeriod;
  return launchedAt < startedAt || account.clock.now() >= (inServiceAt ?? 0) + warmup * 1000;
}

function noteProgress(refresh: InstanceRefresh, outdated: number, updated: number, now: number): void {
  const { total, rollback } = refresh;
  const shareOf = (count: number) => (total === 0 ? 100 : Math.min(100, Math.floor((count * 100) / total)));
  const percent =
    rollback === undefined
      ? Math.max(refresh.percent, shareOf(updated))
      : Math.min(refresh.percent, outdated === 0 ? 0 : shareOf(outdated));
  if (percent !== refresh.percent) refresh.movedAt = now;
  refresh.percent = percent;
  if (rollback === undefined) refresh.toUpdate = outdated;
}

/** True while it waits at a checkpoint. */
function waits(
  account: Account,
  group: AutoScalingGroup,
  refresh: InstanceRefresh,
  now: number,
  outdated: readonly GroupInstance[],
): boolean {
  if (refresh.status === "Baking") {
    if (now >= (refresh.waitsUntil ?? 0)) succeed(account, group, refresh);
    return true;
  }
  if (refresh.status !== "InProgress") return false;
  if (refresh.waitsUntil !== undefined) {
    if (now < refresh.waitsUntil) return true;
    refresh.waitsUntil = undefined;
    refresh.movedAt = now;
  }
  const { CheckpointPercentages: checkpoints = [], CheckpointDelay: delay = 3600 } = refresh.preferences;
  const next = checkpoints[refresh.checkpoints];
  if (next === undefined || refresh.percent < next) return false;
  refresh.checkpoints++;
  if (next === 100) return false;
  refresh.waitsUntil = now + delay * 1000;
  refresh.reason = `Waiting at checkpoint ${next}% until ${new Date(refresh.waitsUntil).toISOString()}.`;
  withoutExtra(account, group, outdated);
  return true;
}

/** Takes the instances out of service that were replaced, but not terminated yet. */
function withoutExtra(account: Account, group: AutoScalingGroup, outdated: readonly GroupInstance[]): void {
  group.surplus = 0;
  const extra = Math.max(0, liveMembers(group).length - group.desired);
  for (const member of outdated.slice(0, extra))
    takeInstance(account, group, member, refreshCause(account, member));
}

/** What is under way is completed; nothing more is replaced. */
function cancelling(
  account: Account,
  group: AutoScalingGroup,
  refresh: InstanceRefresh,
  live: readonly GroupInstance[],
  outdated: readonly GroupInstance[],
): void {
  group.surplus = 0;
  if (live.some(({ lifecycle }) => lifecycle === "Pending")) {
    group.surplus = Math.max(0, live.length - group.desired);
    return;
  }
  withoutExtra(account, group, outdated);
  end(account, group, refresh, "Cancelled");
}

function complete(account: Account, group: AutoScalingGroup, refresh: InstanceRefresh, now: number): void {
  refresh.reason = undefined;
  if (refresh.rollback !== undefined) return end(account, group, refresh, "RollbackSuccessful");
  const { BakeTime: bake = 0 } = refresh.preferences;
  if (bake === 0) return succeed(account, group, refresh);
  refresh.status = "Baking";
  refresh.waitsUntil = now + bake * 1000;
}

/** Only now has the group the desired configuration. */
function succeed(account: Account, group: AutoScalingGroup, refresh: InstanceRefresh): void {
  if (refresh.desired !== undefined) group.launchTemplate = refresh.desired;
  refresh.percent = 100;
  refresh.toUpdate = 0;
  end(account, group, refresh, "Successful");
}

function fail(
  account: Account,
  group: AutoScalingGroup,
  refresh: InstanceRefresh,
  reason: string,
  now: number,
): void {
  refresh.reason = reason;
  if (refresh.rollback !== undefined) return end(account, group, refresh, "RollbackFailed");
  if (refresh.preferences.AutoRollback === true)
    return rollBack(account, group, refresh, `Automatic rollback: ${reason}`, now);
  end(account, group, refresh, "Failed");
}

/** Why nothing could be replaced for an hour. */
function stuck(
  group: AutoScalingGroup,
  blocked: readonly GroupInstance[],
  waitsFor: readonly GroupInstance[],
): string {
  const named = (members: readonly GroupInstance[]) => members.map(({ id }) => id).join(", ");
  if (blocked.length > 0) return `There are instances protected from scale in: ${named(blocked)}.`;
  if (waitsFor.length > 0) return `There are instances in Standby: ${named(waitsFor)}.`;
  const failure = [...group.activities].reverse().find(({ status }) => status === "Failed");
  return `Instances did not become healthy within an hour.${failure?.statusMessage === undefined ? "" : ` ${failure.statusMessage}`}`;
}

/** Why an alarm ends the refresh; `undefined` if none does. A rollback and a cancellation go on. */
function alarmOf(account: Account, { status, preferences }: InstanceRefresh): string | undefined {
  if (status !== "InProgress" && status !== "Baking") return undefined;
  const name = preferences.AlarmSpecification?.Alarms?.find(
    (each) => account.cloudWatch.alarms.get(each)?.description.StateValue === "ALARM",
  );
  return name === undefined ? undefined : `The CloudWatch alarm ${name} is in the ALARM state.`;
}

/** Terminates the instances in standby, or returns those for which the refresh waits: an hour at most. */
function standby(
  account: Account,
  group: AutoScalingGroup,
  refresh: InstanceRefresh,
): readonly GroupInstance[] {
  const found = [...group.instances.values()].filter(
    (member) => member.lifecycle === "Standby" && isOutdated(account, group, refresh, member),
  );
  const { StandbyInstances: preference } = refresh.preferences;
  if (preference === "Ignore") return [];
  if (preference !== "Terminate") return found;
  for (const member of found) terminateGroupInstance(account, group, member, refreshCause(account, member));
  return [];
}

/** Replaces the instances that the refresh has launched by those of the configuration before. */
export function rollBack(
  account: Account,
  group: AutoScalingGroup,
  refresh: InstanceRefresh,
  reason: string,
  now: number,
): void {
  refresh.rollback = { reason, startedAt: now, percent: refresh.percent, toUpdate: refresh.toUpdate };
  refresh.status = "RollbackInProgress";
  refresh.movedAt = now;
  refresh.waitsUntil = undefined;
  group.failedLaunches = 0;
  // A replacement that is still starting is not kept.
  for (const member of liveMembers(group))
    if (member.lifecycle === "Pending" && isOutdated(account, group, refresh, member))
      takeInstance(account, group, member, "An instance was terminated in response to a rollback.");
  group.surplus = 0;
}

function end(
  account: Account,
  group: AutoScalingGroup,
  refresh: InstanceRefresh,
  status: "Successful" | "Failed" | "Cancelled" | "RollbackSuccessful" | "RollbackFailed",
): void {
  refresh.status = status;
  refresh.endedAt = account.clock.now();
  group.surplus = 0;
  scheduleCapacityCheck(account, group);
}
