import type { AwsContext } from "../aws/context.js";
import { UNKNOWN, type Kind, type Tagged } from "../engine/kind.js";
import { boundsAsDescribed, type ScheduledBounds } from "../spec/scaling/scheduled-bounds.js";
import { describeGroup, waitUntilUsable } from "./auto-scaling-group.js";

export interface InstanceBoundsDesired extends Tagged {
  readonly groupName: string;
  readonly clusterName: string;
  readonly min: number;
  readonly max: number;
  readonly scheduled?: ScheduledBounds | undefined;
}

export interface InstanceBoundsState {
  readonly groupName: string;
  /** How many instances there are to be now. */
  readonly wanted: number;
  /** How many there are at least: what is described, or what a schedule has made of it. */
  readonly min: number;
}

/**
 * Between which bounds a scaled group has instances. They are set once the cluster has the group as a
 * capacity provider: ECS may never learn to drain, or to use, an instance that was started before.
 */
export const instanceBoundsKind: Kind<InstanceBoundsDesired, InstanceBoundsState, AwsContext> = {
  kind: "instance-bounds",
  unknown: { groupName: UNKNOWN, wanted: UNKNOWN as never, min: UNKNOWN as never },

  async read(desired, context) {
    const { groupName, clusterName, tags } = desired;
    const group = await describeGroup(groupName, context);
    if (group === undefined) return undefined;
    const bounds = boundsAsDescribed({ min: group.MinSize, max: group.MaxSize }, desired);
    return {
      state: { groupName, wanted: group.DesiredCapacity ?? 0, min: group.MinSize ?? 0 },
      current: { groupName, clusterName, ...bounds },
      tags,
    };
  },

  create: (desired, context) => set(desired, context),
  update: (desired, _observed, _changes, context) => set(desired, context),

  async ready(state, desired, context) {
    await waitUntilUsable({ ...desired, min: state.min }, context);
    return state;
  },
};

/** The number of instances is not sent: AWS moves it into the new bounds, and otherwise it is scaling's. */
async function set(
  { groupName, min, max }: InstanceBoundsDesired,
  { aws }: AwsContext,
): Promise<InstanceBoundsState> {
  await aws.autoScaling.updateAutoScalingGroup({
    AutoScalingGroupName: groupName,
    MinSize: min,
    MaxSize: max,
  });
  return { groupName, wanted: min, min };
}
