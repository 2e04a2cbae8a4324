import type { AwsContext } from "../aws/context.js";
import { isUnknown, type Kind, type Tagged } from "../engine/kind.js";
import { describeGroup } from "./auto-scaling-group.js";
import { isCurrentHost, type HostConfiguration } from "./host-configuration.js";
import { presentConfiguration } from "./launch-configuration.js";
import { refreshInstances } from "./refresh-run.js";

export interface InstanceRefreshDesired extends Tagged, HostConfiguration {}

export interface InstanceRefreshState {
  readonly groupName: string;
}

/**
 * The instances of a group, all launched from one version of its launch template. Where they are not, Auto Scaling's
 * instance refresh replaces them, and gives the group that version once all of them have it.
 */
export const instanceRefreshKind: Kind<InstanceRefreshDesired, InstanceRefreshState, AwsContext> = {
  kind: "instance-refresh",
  unknown: { groupName: "" },

  async read(desired, context) {
    const { groupName, tags } = desired;
    const state = { groupName };
    const group = await describeGroup(groupName, context);
    // A group that does not exist yet launches its first instances from the version.
    if (group === undefined) return { state, current: desired, tags };
    const { launchTemplateVersion } = presentConfiguration(group);
    if (isUnknown(desired.launchTemplateVersion))
      return { state, current: { ...desired, launchTemplateVersion: versionsOf(group) }, tags };
    const instances = group.Instances ?? [];
    const isCurrent =
      launchTemplateVersion === desired.launchTemplateVersion &&
      instances.every((instance) => isCurrentHost(desired, instance));
    if (isCurrent) return { state, current: desired, tags };
    const isOther = instances.some(
      ({ LaunchTemplate }) => LaunchTemplate?.Version !== desired.launchTemplateVersion,
    );
    const types = [...new Set(instances.map(({ InstanceType }) => InstanceType))];
    return {
      state,
      current: {
        ...desired,
        ...(isOther || launchTemplateVersion !== desired.launchTemplateVersion
          ? { launchTemplateVersion: versionsOf(group) }
          : { types }),
      },
      tags,
    };
  },

  create: apply,
  update: (desired, _observed, _changes, context) => apply(desired, context),
};

async function apply(desired: InstanceRefreshDesired, context: AwsContext): Promise<InstanceRefreshState> {
  await refreshInstances(desired, context);
  return { groupName: desired.groupName };
}

/** The versions that the instances have: `1`, or `1 (3 instances), 2 (1 instance)`. */
function versionsOf(group: NonNullable<Awaited<ReturnType<typeof describeGroup>>>): string {
  const counts = new Map<string, number>();
  for (const { LaunchTemplate } of group.Instances ?? [])
    counts.set(LaunchTemplate?.Version ?? "?", (counts.get(LaunchTemplate?.Version ?? "?") ?? 0) + 1);
  if (counts.size <= 1)
    return [...counts.keys()][0] ?? presentConfiguration(group).launchTemplateVersion ?? "";
  return [...counts]
    .map(([version, count]) => `${version} (${count} ${count === 1 ? "instance" : "instances"})`)
    .join(", ");
}
