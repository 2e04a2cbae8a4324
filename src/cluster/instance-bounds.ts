import type { AwsContext } from "../aws/context.js";
import { UNKNOWN, type Kind, type Tagged } from "../engine/kind.js";
import { withoutScheduledChanges, type ScheduledBounds } from "../spec/scaling/scheduled-bounds.js";
import { describeGroup, waitUntilUsable } from "./auto-scaling-group.js";
import { hasNeverStarted } from "./never-started.js";

export interface InstanceBoundsDesired extends Tagged {
  readonly groupName: string;
  readonly clusterName: string;
  readonly min: number;
  readonly max: number;
  readonly scheduled?: ScheduledBounds | undefined;
}

export interface InstanceBoundsState {
  readonly groupName: string;
  /** The current desired capacity. */
  readonly desiredCapacity: number;
  /** The current minimum: the described one, or the one that a schedule has set. */
  readonly min: number;
  /** True if the group is without instances because its bounds were never set. */
  readonly neverStarted: boolean;
}

/**
 * The bounds of a scaled Auto Scaling group. They are set once the group is a capacity provider of the
 * cluster: ECS may never drain, or use, an instance that was launched before.
 */
export const instanceBoundsKind: Kind<InstanceBoundsDesired, InstanceBoundsState, AwsContext> = {
  kind: "instance-bounds",
  unknown: {
    groupName: UNKNOWN,
    desiredCapacity: UNKNOWN as never,
    min: UNKNOWN as never,
    neverStarted: false,
  },

  async read(desired, context) {
    const { groupName, clusterName, tags } = desired;
    const group = await describeGroup(groupName, context);
    if (group === undefined) return undefined;
    const { MinSize: min = 0, MaxSize: max, DesiredCapacity: desiredCapacity = 0 } = group;
    const bounds = withoutScheduledChanges({ min, max }, desired);
    return {
      state: { groupName, desiredCapacity, min, neverStarted: false },
      current: { groupName, clusterName, ...bounds },
      tags,
    };
  },

  completed: (desired, { state }) => (state.neverStarted ? desired : undefined),

  create: (desired, context) => set(desired, context),
  update: (desired, _observed, _changes, context) => set(desired, context),

  async ready(state, desired, context) {
    await waitUntilUsable({ ...desired, min: state.min }, context);
    return state;
  },
};

/** The bounds of the group of a cluster that is only named: set if the run that created the group was interrupted. */
export const usedInstanceBoundsKind: typeof instanceBoundsKind = {
  ...instanceBoundsKind,

  async read(desired, context) {
    const { groupName, clusterName, min } = desired;
    const found = await instanceBoundsKind.read(desired, context);
    if (found === undefined || min === 0 || found.state.min + found.state.desiredCapacity > 0) return found;
    const neverStarted = await hasNeverStarted(groupName, clusterName, context);
    return { ...found, state: { ...found.state, neverStarted } };
  },
};

/** The desired capacity is not sent: AWS moves it into the new bounds, and otherwise scaling decides. */
async function set(
  { groupName, min, max }: InstanceBoundsDesired,
  { aws }: AwsContext,
): Promise<InstanceBoundsState> {
  await aws.autoScaling.updateAutoScalingGroup({
    AutoScalingGroupName: groupName,
    MinSize: min,
    MaxSize: max,
  });
  return { groupName, desiredCapacity: min, min, neverStarted: false };
}
