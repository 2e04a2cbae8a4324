import type { AwsContext } from "../aws/context.js";
import { ignoreNotFound } from "../aws/not-found.js";
import { describeTargets, resourceIdOf, SERVICE_COUNT } from "../aws/scalable-targets.js";
import { hasChanges } from "../engine/diff.js";
import { UNKNOWN, type Kind, type Parent, type Tagged } from "../engine/kind.js";
import { poll } from "../engine/poll.js";
import { withoutScheduledChanges, type ScheduledBounds } from "../spec/scaling/scheduled-bounds.js";
import { ownedTargets, tagsOfTarget } from "./owned-targets.js";
import { scaleInOf, suspendedState, waitUntilMeasured, type ScaleIn } from "./scale-in.js";
import { isStopped } from "./stop-service.js";

export interface ScalableTargetDesired extends Tagged {
  readonly clusterName: string;
  readonly serviceName: string;
  readonly min: number;
  readonly max: number;
  readonly scheduled?: ScheduledBounds | undefined;
  /** `undefined`: not compared. */
  readonly scaleIn?: ScaleIn | undefined;
}

export interface ScalableTargetState {
  readonly resourceId: string;
}

/** Registers a service with Application Auto Scaling, with its minimum and maximum. */
export const scalableTargetKind: Kind<ScalableTargetDesired, ScalableTargetState, AwsContext> = {
  kind: "scalable-target",
  unknown: { resourceId: UNKNOWN },
  // A target that outlives its service would limit the next service of that name.
  dependsOn: ["service"],
  deletedBeside: ["service"],
  immutable: ["clusterName", "serviceName"],

  async read(desired, context) {
    const { clusterName, serviceName } = desired;
    const resourceId = resourceIdOf(clusterName, serviceName);
    const [target] = await describeTargets([resourceId], context);
    if (target === undefined) return undefined;
    const bounds = { min: target.MinCapacity, max: target.MaxCapacity };
    return {
      state: { resourceId },
      current: {
        clusterName,
        serviceName,
        ...(isStopped(target) ? bounds : withoutScheduledChanges(bounds, desired)),
        ...(desired.scaleIn !== undefined && { scaleIn: scaleInOf(target) }),
      },
      // On endpoints without tags, the service's owner owns it.
      tags: (await tagsOfTarget(target, desired.tags, context)) ?? desired.tags,
    };
  },

  async create(desired, { aws }) {
    const resourceId = resourceIdOf(desired.clusterName, desired.serviceName);
    await aws.applicationAutoScaling.registerScalableTarget({
      ...SERVICE_COUNT,
      ResourceId: resourceId,
      MinCapacity: desired.min,
      MaxCapacity: desired.max,
      ...(desired.scaleIn === "suspended" && { SuspendedState: suspendedState(desired.scaleIn) }),
      Tags: { ...desired.tags },
    });
    return { resourceId };
  },

  async update(desired, { state }, changes, context) {
    const { applicationAutoScaling } = context.aws;
    const { resourceId: ResourceId } = state;
    if (hasChanges(changes, "min", "max", "scaleIn")) {
      if (hasChanges(changes, "scaleIn") && desired.scaleIn === "on")
        await waitUntilMeasured(ResourceId, context);
      const [target] = desired.scaleIn === undefined ? [] : await describeTargets([ResourceId], context);
      await applicationAutoScaling.registerScalableTarget({
        ...SERVICE_COUNT,
        ResourceId,
        ...(hasChanges(changes, "min") ? { MinCapacity: desired.min } : {}),
        ...(hasChanges(changes, "max") ? { MaxCapacity: desired.max } : {}),
        ...(desired.scaleIn !== undefined && {
          SuspendedState: suspendedState(desired.scaleIn, target && isStopped(target) ? {} : target),
        }),
      });
    }
    if (hasChanges(changes, "tags")) {
      const [target] = await describeTargets([ResourceId], context);
      if (target?.ScalableTargetARN !== undefined)
        await applicationAutoScaling.tagResource({
          ResourceARN: target.ScalableTargetARN,
          Tags: { ...desired.tags },
        });
    }
    return state;
  },

  /**
   * Deletes the target with its policies, their alarms and its scheduled actions; the number of tasks is
   * kept.
   */
  async delete({ resourceId: ResourceId }, context) {
    const { applicationAutoScaling } = context.aws;
    await ignoreNotFound(applicationAutoScaling.deregisterScalableTarget({ ...SERVICE_COUNT, ResourceId }));
    await poll(
      {
        context,
        every: 5_000,
        timeout: 5 * 60_000,
        what: `the scalable target of ${ResourceId} to be deleted`,
      },
      async () => ((await describeTargets([ResourceId], context)).length === 0 ? true : undefined),
    );
  },

  async findOwned(owner, context) {
    return (await ownedTargets(owner, context)).map(({ resourceId, tags }) => ({
      name: resourceId.replace(/^service\//, ""),
      state: { resourceId },
      tags,
    }));
  },
};

/** "Deregistering a scalable target deletes the scaling policies and the scheduled actions that are associated with it." */
export const isDeletedWithTarget = (
  { state }: { readonly state: ScalableTargetState },
  parent: Parent,
): boolean =>
  parent.kind === scalableTargetKind.kind &&
  (parent.state as ScalableTargetState).resourceId === state.resourceId;
