import type { AutoScalingGroup } from "@aws-sdk/client-auto-scaling";
import type { AwsContext } from "../aws/context.js";
import { hasErrorCode } from "../aws/error-code.js";
import { ignoreNotFound } from "../aws/not-found.js";
import { ownerName } from "../aws/owner.js";
import { paginate } from "../aws/paginate.js";
import { fromTags, OWNER_TAG } from "../aws/tags.js";
import { hasChanges, sortLike } from "../engine/diff.js";
import { UNKNOWN, type Kind, type Tagged, type Tags } from "../engine/kind.js";
import { poll } from "../engine/poll.js";
import { waitUntilInService } from "./instances-in-service.js";
import { waitUntilRegistered } from "./instances-registered.js";
import { waitUntilTerminated } from "./instances-terminated.js";
import { setScaleInProtection } from "./scale-in-protection.js";

export interface AutoScalingGroupDesired extends Tagged {
  readonly groupName: string;
  /** The cluster that its instances register with (their user data says so). */
  readonly clusterName: string;
  readonly min: number;
  readonly max: number;
  readonly launchTemplateId: string;
  readonly launchTemplateVersion: string;
  readonly subnetIds: readonly string[];
  /** Whether instances are ended only once somebody (ECS) has said that they may be. */
  readonly protectedFromScaleIn: boolean | undefined;
  /** It begins without instances, and its bounds are somebody else's to set. */
  readonly startsEmpty: boolean | undefined;
}

export interface AutoScalingGroupState {
  readonly arn: string;
  readonly groupName: string;
  readonly clusterName: string;
  /** How many instances it is to have now. */
  readonly wanted: number;
  /** How many it has at least: not what is described, where that is somebody else's to say. */
  readonly min: number;
}

const TEN_MINUTES = 10 * 60_000;

export const autoScalingGroupKind: Kind<AutoScalingGroupDesired, AutoScalingGroupState, AwsContext> = {
  kind: "auto-scaling-group",
  unknown: {
    arn: UNKNOWN,
    groupName: UNKNOWN,
    clusterName: UNKNOWN,
    wanted: UNKNOWN as never,
    min: UNKNOWN as never,
  },
  // Its instances need all of these until they are gone; a cluster with instances cannot go.
  dependsOn: [
    "launch-template",
    "security-group",
    "instance-profile",
    "iam-role",
    "key-pair",
    "cluster",
    "network",
  ],
  immutable: ["groupName"],
  createOnly: ({ startsEmpty }) => (startsEmpty ? ["min", "max"] : []),

  async read(desired, context) {
    const group = await describe(desired.groupName, context);
    // One that is being deleted still has the name; for us it is gone.
    if (group === undefined || isLeaving(group)) return undefined;
    return {
      state: { ...stateOf(group), clusterName: desired.clusterName },
      current: {
        groupName: desired.groupName,
        clusterName: desired.clusterName,
        min: group.MinSize,
        max: group.MaxSize,
        protectedFromScaleIn: group.NewInstancesProtectedFromScaleIn || undefined,
        launchTemplateId: group.LaunchTemplate?.LaunchTemplateId,
        launchTemplateVersion: group.LaunchTemplate?.Version,
        subnetIds: sortLike(desired.subnetIds, (group.VPCZoneIdentifier ?? "").split(",").filter(Boolean)),
      },
      tags: fromTags(group.Tags),
    };
  },

  async create(desired, context) {
    const min = desired.startsEmpty ? 0 : desired.min;
    const request = {
      AutoScalingGroupName: desired.groupName,
      MinSize: min,
      MaxSize: desired.max,
      // Only here: afterwards it is scaling's to say.
      DesiredCapacity: min,
      LaunchTemplate: launchTemplateOf(desired),
      VPCZoneIdentifier: desired.subnetIds.join(","),
      ...(desired.protectedFromScaleIn ? { NewInstancesProtectedFromScaleIn: true } : {}),
      Tags: tagsOf(desired.groupName, desired.tags),
    };
    const { autoScaling } = context.aws;
    await autoScaling.createAutoScalingGroup(request).catch(async (error: unknown) => {
      if (!hasErrorCode(error, "AlreadyExists")) throw error;
      const group = await describe(desired.groupName, context);
      if (group !== undefined && !isLeaving(group)) throw error;
      await waitUntilDeleted(desired.groupName, context);
      await autoScaling.createAutoScalingGroup(request);
    });
    const group = await describe(desired.groupName, context);
    return {
      arn: group?.AutoScalingGroupARN ?? "",
      groupName: desired.groupName,
      clusterName: desired.clusterName,
      wanted: min,
      min,
    };
  },

  async update(desired, { state }, changes, context) {
    const { aws } = context;
    if (changes.some(({ path }) => !path.startsWith("tags"))) {
      await aws.autoScaling.updateAutoScalingGroup({
        AutoScalingGroupName: desired.groupName,
        ...(hasChanges(changes, "min") ? { MinSize: desired.min } : {}),
        ...(hasChanges(changes, "max") ? { MaxSize: desired.max } : {}),
        ...(hasChanges(changes, "launchTemplateId", "launchTemplateVersion")
          ? { LaunchTemplate: launchTemplateOf(desired) }
          : {}),
        ...(hasChanges(changes, "subnetIds") ? { VPCZoneIdentifier: desired.subnetIds.join(",") } : {}),
        ...(hasChanges(changes, "protectedFromScaleIn")
          ? { NewInstancesProtectedFromScaleIn: desired.protectedFromScaleIn ?? false }
          : {}),
      });
      // The group's setting is for new instances; those that are there keep theirs, and could never go.
      if (hasChanges(changes, "protectedFromScaleIn") && !desired.protectedFromScaleIn)
        await setScaleInProtection(desired.groupName, false, context);
    }
    if (hasChanges(changes, "tags")) {
      await aws.autoScaling.createOrUpdateTags({ Tags: tagsOf(desired.groupName, desired.tags) });
    }
    // AWS moves the number of instances into the new bounds by itself.
    const min = hasChanges(changes, "min") ? desired.min : state.min;
    return { ...state, min, wanted: Math.min(Math.max(state.wanted, desired.min), desired.max) };
  },

  async ready(state, desired, context) {
    if (!desired.startsEmpty) await waitUntilUsable({ ...desired, min: state.min }, context);
    return state;
  },

  alreadyExists: (error) => hasErrorCode(error, "AlreadyExists"),

  async delete({ groupName }, context) {
    const group = await describe(groupName, context);
    if (group === undefined) return;
    const instanceIds = (group.Instances ?? []).map(({ InstanceId }) => InstanceId!);
    if (!isLeaving(group)) {
      await ignoreNotFound(
        context.aws.autoScaling.deleteAutoScalingGroup({
          AutoScalingGroupName: groupName,
          ForceDelete: true,
        }),
      );
    }
    await waitUntilDeleted(groupName, context);
    await waitUntilTerminated(groupName, instanceIds, context);
  },

  async findOwned(owner, { aws }) {
    const Filters = [{ Name: `tag:${OWNER_TAG}`, Values: [owner] }];
    const groups = await paginate(
      "NextToken",
      (next) => aws.autoScaling.describeAutoScalingGroups({ Filters, ...next }),
      ({ AutoScalingGroups }) => AutoScalingGroups,
    );
    return (
      groups
        // Filters are recent: an endpoint that ignores them answers with every group there is.
        .filter((group) => fromTags(group.Tags)[OWNER_TAG] === owner)
        .map((group) => ({
          name: group.AutoScalingGroupName!,
          state: stateOf(group),
          tags: fromTags(group.Tags),
        }))
    );
  },
};

/** Waits until as many instances as there are at least run, and have joined the cluster. */
export async function waitUntilUsable(
  group: Pick<AutoScalingGroupDesired, "groupName" | "clusterName" | "min">,
  context: AwsContext,
): Promise<void> {
  const { groupName, min: needed } = group;
  if (needed === 0) return;
  const look = () => describe(groupName, context);
  const instanceIds = await waitUntilInService(groupName, needed, look, context);
  await waitUntilRegistered({ ...group, needed }, instanceIds, context);
}

/** One that is there to stay. */
export async function describeGroup(
  groupName: string,
  context: AwsContext,
): Promise<AutoScalingGroup | undefined> {
  const group = await describe(groupName, context);
  return group === undefined || isLeaving(group) ? undefined : group;
}

async function describe(groupName: string, { aws }: AwsContext): Promise<AutoScalingGroup | undefined> {
  const { AutoScalingGroups = [] } = await aws.autoScaling.describeAutoScalingGroups({
    AutoScalingGroupNames: [groupName],
  });
  return AutoScalingGroups[0];
}

/** `Status` is set only while a group is being deleted. */
const isLeaving = (group: AutoScalingGroup): boolean => group.Status !== undefined && group.Status !== "";

function stateOf(group: AutoScalingGroup): AutoScalingGroupState {
  return {
    arn: group.AutoScalingGroupARN ?? "",
    groupName: group.AutoScalingGroupName ?? "",
    clusterName: ownerName(fromTags(group.Tags)[OWNER_TAG], "cluster") ?? "",
    wanted: group.DesiredCapacity ?? 0,
    min: group.MinSize ?? 0,
  };
}

/** A number, never `$Latest`: with it nobody could tell what an instance was started from. */
const launchTemplateOf = ({ launchTemplateId, launchTemplateVersion }: AutoScalingGroupDesired) => ({
  LaunchTemplateId: launchTemplateId,
  Version: launchTemplateVersion,
});

/** Not handed on to instances: the launch template tags them, and their volumes too. */
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
    fix: "Look at the group's activity in the EC2 console, then run again: it continues from there.",
  };
  await poll(wait, async () => ((await describe(groupName, context)) === undefined ? true : undefined));
}
