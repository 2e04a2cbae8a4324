import type { Account } from "../../core/account.js";
import { durations } from "../../core/durations.js";
import { ServiceError } from "../../core/service-error.js";
import { launchInstance } from "../ec2/launch-instance.js";
import { serviceLinkedRole } from "../iam/service-linked-role.js";
import { endActivity, startActivity } from "./activities.js";
import { launchData } from "./launch-data.js";
import { activeRefresh } from "./refresh-state.js";
import type { AutoScalingGroup, GroupInstance, LaunchConfiguration, ScalingActivity } from "./state.js";

/** The activity that launches an instance, until the instance is running. */
export const launching = new WeakMap<GroupInstance, ScalingActivity>();

/**
 * Launches what is missing to `wanted` instances.
 *
 * @returns the milliseconds until the next attempt, if a launch failed
 */
export function launchMissing(
  account: Account,
  group: AutoScalingGroup,
  live: readonly GroupInstance[],
  wanted: number,
): number | undefined {
  const members = [...live];
  // Where there is no capacity, the group uses its other zones.
  const full = new Set<string>();
  while (members.length < wanted) {
    const subnetId = leastUsedSubnet(account, group, members, full);
    const member = launch(account, group, subnetId, members);
    if (member === undefined) {
      if (!full.has(subnetId) && lacksAnyCapacity(account, group, subnetId)) {
        full.add(subnetId);
        if (full.size < group.subnetIds.length) continue;
      }
      group.failedLaunches++;
      const wait = durations.launchRetry * 2 ** (group.failedLaunches - 1);
      return Math.min(wait, durations.launchRetryMax);
    }
    members.push(member);
  }
  group.failedLaunches = 0;
  return undefined;
}

function launch(
  account: Account,
  group: AutoScalingGroup,
  subnetId: string,
  members: readonly GroupInstance[],
): GroupInstance | undefined {
  const currentSize = members.length;
  const at = new Date(account.clock.now()).toISOString();
  const isRefresh = group.surplus > 0 && activeRefresh(group) !== undefined;
  const cause = isRefresh
    ? `At ${at} an instance was launched in response to an instance refresh.`
    : `${group.cause}At ${at} an instance was started in response to a difference between desired and actual capacity, increasing the capacity from ${currentSize} to ${currentSize + 1}.`;
  try {
    if (group.serviceLinkedRoleArn === undefined) checkServiceLinkedRole(account);
    const configuration = launchConfigurationOf(group);
    const { data: described, launched } = launchData(account, configuration);
    const isSpot = isNextSpot(account, configuration, members);
    const type = chosenType(account, configuration, described.InstanceType, subnetId);
    checkCapacityOf(account, subnetId, type);
    const tags = new Map([["aws:autoscaling:groupName", group.name]]);
    for (const [key, { value, propagate }] of group.tags) if (propagate) tags.set(key, value);
    const data = {
      ...described,
      ...(type !== undefined && { InstanceType: type as NonNullable<typeof described.InstanceType> }),
      ...(isSpot && { InstanceMarketOptions: { MarketType: "spot" as const } }),
    };
    const instance = launchInstance(account, {
      data,
      subnetId,
      autoScalingGroup: group.name,
      tags,
    });
    const member: GroupInstance = {
      id: instance.id,
      lifecycle: "Pending",
      protected: group.newInstancesProtected,
      zone: instance.zone,
      launched,
      launchedAt: account.clock.now(),
      inServiceAt: undefined,
      isAtRisk: false,
    };
    group.instances.set(instance.id, member);
    launching.set(
      member,
      startActivity(account, group, `Launching a new EC2 instance: ${instance.id}`, cause),
    );
    return member;
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    const what =
      error.name === ROLE_NOT_ASSUMED
        ? "Validating load balancer configuration failed."
        : "Launching EC2 instance failed.";
    const message = `${error.message.replace(/\.$/, "")}. ${what}`;
    const activity = startActivity(
      account,
      group,
      `Launching a new EC2 instance.  Status Reason: ${message}`,
      cause,
    );
    endActivity(account, activity, "Failed", message);
    return undefined;
  }
}

const ROLE_NOT_ASSUMED = "AccessDenied";

/** A group is created without waiting for its service-linked role: its launches fail until then. */
function checkServiceLinkedRole(account: Account): void {
  const role = serviceLinkedRole(account, "autoscaling.amazonaws.com");
  if (account.clock.now() >= role.assumableAt) return;
  throw new ServiceError(ROLE_NOT_ASSUMED, `Access denied when attempting to assume role ${role.arn}.`);
}

/** What is launched now: during an instance refresh, its desired configuration. */
function launchConfigurationOf(group: AutoScalingGroup): LaunchConfiguration {
  const refresh = group.refreshes.find(({ status }) => status === "InProgress" || status === "Pending");
  return refresh?.desired ?? group.launchTemplate;
}

/** The on-demand base first, then a share of the instances above it. Source: Auto Scaling API, InstancesDistribution. */
function isNextSpot(
  account: Account,
  { mixed }: LaunchConfiguration,
  members: readonly GroupInstance[],
): boolean {
  if (mixed === undefined) return false;
  const { OnDemandBaseCapacity: base = 0, OnDemandPercentageAboveBaseCapacity: percent = 100 } =
    mixed.distribution;
  const onDemand = members.filter(({ id }) => account.ec2.instances.get(id)?.isSpot !== true).length;
  const above = Math.max(0, members.length + 1 - base);
  return onDemand >= base + Math.ceil((above * percent) / 100);
}

/** The first of the types that the zone has capacity for: simulated prices are all the same. */
function chosenType(
  account: Account,
  { mixed }: LaunchConfiguration,
  own: string | undefined,
  subnetId: string,
): string | undefined {
  const types = mixed?.types.length ? mixed.types : [own];
  return types.find((type) => !lacksCapacity(account, subnetId, type)) ?? types[0];
}

/** The zones of the group's subnets that have capacity for it. */
export const openZones = (account: Account, group: AutoScalingGroup): ReadonlySet<string> =>
  new Set(
    group.subnetIds
      .filter((id) => !lacksAnyCapacity(account, group, id))
      .map((id) => account.ec2.subnets.get(id)?.zone ?? ""),
  );

/** True if the zone has no capacity for any of the group's types. */
function lacksAnyCapacity(account: Account, group: AutoScalingGroup, subnetId: string): boolean {
  const configuration = launchConfigurationOf(group);
  const { from, id, mixed } = configuration;
  const isThere = from === "configuration" || account.ec2.launchTemplates.has(id);
  const own = isThere ? launchData(account, configuration).data.InstanceType : undefined;
  const types = mixed?.types.length ? mixed.types : [own];
  return types.every((type) => lacksCapacity(account, subnetId, type));
}

const lacksCapacity = (account: Account, subnetId: string, type = "m1.small"): boolean => {
  const zone = account.ec2.subnets.get(subnetId)?.zone ?? "";
  const { zonesWithoutCapacity: without } = account.ec2;
  return without.has(zone) || without.has(`${zone}/${type}`) || without.has(`*/${type}`);
};

function checkCapacityOf(account: Account, subnetId: string, type = "m1.small"): void {
  if (!lacksCapacity(account, subnetId, type)) return;
  const { subnets } = account.ec2;
  const zone = subnets.get(subnetId)?.zone;
  const open = [...subnets.values()].filter(({ id }) => !lacksCapacity(account, id, type));
  const others = [...new Set(open.map((subnet) => subnet.zone))].sort().join(", ");
  const elsewhere =
    others === ""
      ? ""
      : ` You can currently get ${type} capacity by not specifying an Availability Zone in your request or choosing ${others}.`;
  throw new ServiceError(
    "InsufficientInstanceCapacity",
    `We currently do not have sufficient ${type} capacity in the Availability Zone you requested (${zone}). Our system will be working on provisioning additional capacity.${elsewhere}`,
  );
}

function leastUsedSubnet(
  account: Account,
  group: AutoScalingGroup,
  members: readonly GroupInstance[],
  full: ReadonlySet<string>,
): string {
  // A refresh spreads its new instances evenly: the others leave.
  const since = activeRefresh(group)?.startedAt ?? 0;
  const counts = countByZone(members.filter(({ launchedAt }) => launchedAt >= since));
  const count = (id: string) => counts.get(account.ec2.subnets.get(id)?.zone ?? "") ?? 0;
  // After a failure, the next attempt uses another zone.
  const offset = group.failedLaunches % group.subnetIds.length;
  const open = group.subnetIds.filter((id) => !full.has(id));
  const order = [...group.subnetIds.slice(offset), ...group.subnetIds.slice(0, offset)].filter(
    (id) => open.length === 0 || open.includes(id),
  );
  return order.reduce((best, id) => (count(id) < count(best) ? id : best));
}

export function countByZone(members: readonly GroupInstance[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { zone } of members) counts.set(zone, (counts.get(zone) ?? 0) + 1);
  return counts;
}
