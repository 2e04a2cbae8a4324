import type { AutoScalingGroup, CreateAutoScalingGroupCommandInput } from "@aws-sdk/client-auto-scaling";
import { NETWORK_PARTS } from "../aws/network-parts.js";
import type { AwsContext } from "../aws/context.js";
import { hasErrorCode } from "../aws/error-code.js";
import { ignoreNotFound } from "../aws/not-found.js";
import { ownerName, parseOwner } from "../aws/owner.js";
import { paginate } from "../aws/paginate.js";
import { fromTags, OWNER_TAG } from "../aws/tags.js";
import { overriddenFields, overrideEffect } from "../aws/unapplied-override.js";
import { hasChanges, sortLike } from "../engine/diff.js";
import { UNKNOWN, type Kind, type Tagged, type Tags } from "../engine/kind.js";
import { poll } from "../engine/poll.js";
import { launchConfiguration, presentConfiguration, type InstancesSpec } from "./launch-configuration.js";
import { waitUntilInService } from "./instances-in-service.js";
import { waitUntilRegistered } from "./instances-registered.js";
import { waitUntilTerminated } from "./instances-terminated.js";
import { vpcOfSubnets } from "./vpc-of-subnets.js";
import { setScaleInProtection } from "./scale-in-protection.js";

export interface AutoScalingGroupDesired extends Tagged, InstancesSpec {
  readonly groupName: string;
  /** The cluster that its instances register with, by their user data. */
  readonly clusterName: string;
  readonly min: number;
  readonly max: number;
  readonly subnetIds: readonly string[];
  /** The VPC of the subnets. Instances stay in the one that they were launched in. */
  readonly vpcId: string;
  /** True if Spot Instances that EC2 is likely to take back are replaced before. */
  readonly capacityRebalance: true | undefined;
  /** True if new instances are protected from scale-in: ECS then decides which ones may be terminated. */
  readonly protectedFromScaleIn: boolean | undefined;
}

export interface AutoScalingGroupState {
  readonly arn: string;
  readonly groupName: string;
  readonly clusterName: string;
  /** The current desired capacity. */
  readonly desiredCapacity: number;
  /** The current minimum, which is not the described one where schedules or `instance-bounds` set it. */
  readonly min: number;
}

/** What an instance refresh changes, where there is one. */
const CONFIGURATION = ["launchTemplateId", "launchTemplateVersion", "instanceTypes", "spotShare"] as const;

const TEN_MINUTES = 10 * 60_000;

export const autoScalingGroupKind: Kind<AutoScalingGroupDesired, AutoScalingGroupState, AwsContext> = {
  kind: "auto-scaling-group",
  unknown: {
    arn: UNKNOWN,
    groupName: UNKNOWN,
    clusterName: UNKNOWN,
    desiredCapacity: UNKNOWN as never,
    min: UNKNOWN as never,
  },
  // Its instances need all of these until they are terminated; a cluster with instances cannot be deleted.
  dependsOn: [
    "launch-template",
    "security-group",
    "instance-profile",
    "iam-role",
    "key-pair",
    "cluster",
    "network",
    ...NETWORK_PARTS,
  ],
  immutable: ["groupName", "vpcId"],
  // It is created without instances; the resource `instance-bounds` sets its bounds.
  createOnly: ["min", "max"],

  async read(desired, context) {
    const group = await describe(desired.groupName, context);
    // A group that is being deleted still has its name, but counts as not existing.
    if (group === undefined || isBeingDeleted(group)) return undefined;
    const subnetIds = (group.VPCZoneIdentifier ?? "").split(",").filter(Boolean);
    const effect = overrideEffect(
      "createAutoScalingGroup",
      createInput(desired),
      presentInput(group),
      context,
    );
    return {
      state: { ...stateOf(group), clusterName: desired.clusterName },
      unapplied: effect.unapplied,
      current: {
        groupName: desired.groupName,
        clusterName: desired.clusterName,
        min: group.MinSize,
        max: group.MaxSize,
        protectedFromScaleIn: group.NewInstancesProtectedFromScaleIn || undefined,
        ...presentConfiguration(group),
        capacityRebalance: group.CapacityRebalance || undefined,
        subnetIds: sortLike(desired.subnetIds, subnetIds),
        vpcId: await vpcOfSubnets(subnetIds, desired, context),
        ...asDescribed(desired, effect.applied),
      },
      tags: fromTags(group.Tags),
    };
  },

  async create(desired, context) {
    const request = createInput(desired);
    const { autoScaling } = context.aws;
    await autoScaling.createAutoScalingGroup(request).catch(async (error: unknown) => {
      if (!hasErrorCode(error, "AlreadyExists")) throw error;
      const group = await describe(desired.groupName, context);
      if (group !== undefined && !isBeingDeleted(group)) throw error;
      await waitUntilDeleted(desired.groupName, context);
      await autoScaling.createAutoScalingGroup(request);
    });
    return {
      arn: await createdArn(desired.groupName, context),
      groupName: desired.groupName,
      clusterName: desired.clusterName,
      desiredCapacity: 0,
      min: 0,
    };
  },

  async update(desired, { state }, changes, context) {
    const { aws } = context;
    if (changes.some(({ path }) => !path.startsWith("tags"))) {
      await aws.autoScaling.updateAutoScalingGroup({
        AutoScalingGroupName: desired.groupName,
        ...(hasChanges(changes, ...CONFIGURATION) ? launchConfiguration(desired) : {}),
        ...(hasChanges(changes, "subnetIds") ? { VPCZoneIdentifier: desired.subnetIds.join(",") } : {}),
        ...(hasChanges(changes, "protectedFromScaleIn")
          ? { NewInstancesProtectedFromScaleIn: desired.protectedFromScaleIn ?? false }
          : {}),
        ...(hasChanges(changes, "capacityRebalance")
          ? { CapacityRebalance: desired.capacityRebalance ?? false }
          : {}),
        ...overriddenFields(changes),
      });
      // The group's setting applies to new instances; existing ones would stay as they are for ever.
      if (hasChanges(changes, "protectedFromScaleIn"))
        await setScaleInProtection(desired.groupName, desired.protectedFromScaleIn ?? false, context);
    }
    if (hasChanges(changes, "tags")) {
      await aws.autoScaling.createOrUpdateTags({ Tags: tagsOf(desired.groupName, desired.tags) });
    }
    return state;
  },

  alreadyExists: (error) => hasErrorCode(error, "AlreadyExists"),

  async delete({ groupName }, context) {
    try {
      await ignoreNotFound(
        context.aws.autoScaling.deleteAutoScalingGroup({
          AutoScalingGroupName: groupName,
          ForceDelete: true,
        }),
      );
    } catch (error) {
      // Another run may have begun to delete it.
      if ((await describeGroup(groupName, context)) !== undefined) throw error;
    }
    await Promise.all([waitUntilDeleted(groupName, context), waitUntilTerminated(groupName, context)]);
  },

  async findOwned(owner, { aws }) {
    // Only clusters have instances.
    if (parseOwner(owner)?.type !== "cluster") return [];
    const Filters = [{ Name: `tag:${OWNER_TAG}`, Values: [owner] }];
    const groups = await paginate(
      "NextToken",
      (next) => aws.autoScaling.describeAutoScalingGroups({ Filters, ...next }),
      ({ AutoScalingGroups }) => AutoScalingGroups,
    );
    return (
      groups
        // Some endpoints ignore the filters and return every group.
        .filter((group) => fromTags(group.Tags)[OWNER_TAG] === owner)
        .map((group) => ({
          name: group.AutoScalingGroupName!,
          state: stateOf(group),
          tags: fromTags(group.Tags),
        }))
    );
  },
};

/**
 * The group of a cluster whose instances are refreshed by its deploys: the refresh gives it the new configuration,
 * so that AWS can roll back to the one before.
 */
export const refreshedGroupKind: typeof autoScalingGroupKind = {
  ...autoScalingGroupKind,
  createOnly: ["min", "max", ...CONFIGURATION],
};

const createInput = (desired: AutoScalingGroupDesired): CreateAutoScalingGroupCommandInput => ({
  AutoScalingGroupName: desired.groupName,
  MinSize: 0,
  MaxSize: desired.max,
  DesiredCapacity: 0,
  ...launchConfiguration(desired),
  VPCZoneIdentifier: desired.subnetIds.join(","),
  ...(desired.capacityRebalance ? { CapacityRebalance: true } : {}),
  ...(desired.protectedFromScaleIn ? { NewInstancesProtectedFromScaleIn: true } : {}),
  Tags: tagsOf(desired.groupName, desired.tags),
});

/** What Auto Scaling has, as CreateAutoScalingGroup names it. The resource `instance-bounds` compares the bounds. */
const presentInput = (group: AutoScalingGroup) => ({
  ...group,
  MinSize: undefined,
  MaxSize: undefined,
  DesiredCapacity: undefined,
});

/** The described values of the fields that the group has as they were overridden. */
const asDescribed = (
  { subnetIds, launchTemplateId, launchTemplateVersion, protectedFromScaleIn }: AutoScalingGroupDesired,
  applied: ReadonlySet<string>,
): Partial<AutoScalingGroupDesired> => ({
  ...(applied.has("VPCZoneIdentifier") && { subnetIds }),
  ...(applied.has("LaunchTemplate") && { launchTemplateId, launchTemplateVersion }),
  ...(applied.has("NewInstancesProtectedFromScaleIn") && { protectedFromScaleIn }),
});

/** Waits until the minimum number of instances is running and registered with the cluster. */
export async function waitUntilUsable(
  group: Pick<AutoScalingGroupDesired, "groupName" | "clusterName" | "min">,
  context: AwsContext,
): Promise<void> {
  const { groupName, min: needed } = group;
  if (needed === 0) return;
  const describeAgain = () => describe(groupName, context);
  const instanceIds = await waitUntilInService(groupName, needed, describeAgain, context);
  await waitUntilRegistered({ ...group, needed }, instanceIds, context);
}

/** The ARN of a new group, which a first read may not show yet. */
const createdArn = (groupName: string, context: AwsContext): Promise<string> =>
  poll(
    { every: 2_000, timeout: 60_000, context, what: `Auto Scaling group ${groupName} to be visible` },
    async () => (await describe(groupName, context))?.AutoScalingGroupARN,
  );

/** The group, unless it is being deleted. */
export async function describeGroup(
  groupName: string,
  context: AwsContext,
): Promise<AutoScalingGroup | undefined> {
  const group = await describe(groupName, context);
  return group === undefined || isBeingDeleted(group) ? undefined : group;
}

async function describe(groupName: string, { aws }: AwsContext): Promise<AutoScalingGroup | undefined> {
  const { AutoScalingGroups = [] } = await aws.autoScaling.describeAutoScalingGroups({
    AutoScalingGroupNames: [groupName],
  });
  return AutoScalingGroups[0];
}

/** `Status` is set only while a group is being deleted. */
const isBeingDeleted = (group: AutoScalingGroup): boolean =>
  group.Status !== undefined && group.Status !== "";

function stateOf(group: AutoScalingGroup): AutoScalingGroupState {
  return {
    arn: group.AutoScalingGroupARN ?? "",
    groupName: group.AutoScalingGroupName ?? "",
    clusterName: ownerName(fromTags(group.Tags)[OWNER_TAG], "cluster") ?? "",
    desiredCapacity: group.DesiredCapacity ?? 0,
    min: group.MinSize ?? 0,
  };
}

/** The tags, not propagated to instances: the launch template tags these and their volumes. */
const tagsOf = (groupName: string, tags: Tags) =>
  Object.entries(tags).map(([Key, Value]) => ({
    Key,
    Value,
    ResourceId: groupName,
    ResourceType: "auto-scaling-group",
    PropagateAtLaunch: false,
  }));

async function waitUntilDeleted(groupName: string, context: AwsContext): Promise<void> {
  const wait = {
    every: 5_000,
    timeout: TEN_MINUTES,
    context,
    what: `Auto Scaling group ${groupName} to be deleted`,
    fix: "Check the group's activity in the EC2 console, then run again. Completed steps are kept.",
  };
  await poll(wait, async () => ((await describe(groupName, context)) === undefined ? true : undefined));
}
