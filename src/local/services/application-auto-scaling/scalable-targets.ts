import type { ScalableTarget } from "@aws-sdk/client-application-auto-scaling";
import type { ApplicationAutoScalingPort } from "../../../aws/api.js";
import type { World } from "../../core/account.js";
import { Refusal } from "../../core/service-error.js";
import { addTags, readTags } from "../../core/tags.js";
import { serviceLinkedRoleIsUsable } from "../iam/service-linked-role.js";
import { keepWithinBounds } from "./capacity.js";
import {
  noTarget,
  requireScaling,
  requireService,
  scalingPage,
  serviceOfTarget,
  validation,
} from "./request.js";
import { forgetAlarms } from "./target-tracking.js";

type Handlers = Pick<
  ApplicationAutoScalingPort,
  | "registerScalableTarget"
  | "deregisterScalableTarget"
  | "describeScalableTargets"
  | "listTagsForResource"
  | "tagResource"
>;

export const createScalableTargets = (world: World): Handlers => ({
  async registerScalableTarget(input) {
    const resourceId = requireService(input);
    const before = world.applicationAutoScaling.scalableTargets.get(resourceId);
    const min = input.MinCapacity ?? before?.MinCapacity;
    const max = input.MaxCapacity ?? before?.MaxCapacity;
    if (min === undefined || max === undefined)
      throw validation("MinCapacity and MaxCapacity must be specified for a new scalable target.");
    if (min < 0 || min > max)
      throw validation(
        "Maximum capacity cannot be less than minimum capacity, nor minimum capacity negative.",
      );
    if (!/^service\/[^/]+\/[^/]+$/.test(resourceId))
      throw validation(`Unsupported resource id: ${resourceId}`);
    const service = serviceOfTarget(world, resourceId);
    if (service === undefined || world.clock.now() < service.visibleAt)
      throw validation(`ECS service doesn't exist: ${resourceId}`);
    if (!serviceLinkedRoleIsUsable(world, "ecs.application-autoscaling.amazonaws.com"))
      throw validation("Unable to assume IAM role: AWSServiceRoleForApplicationAutoScaling_ECSService");
    const id = before?.ScalableTargetARN?.split("/").at(-1) ?? world.hex(32);
    const arn = `arn:${world.partition}:application-autoscaling:${world.region}:${world.accountId}:scalable-target/${id}`;
    const target: ScalableTarget = {
      ServiceNamespace: "ecs",
      ScalableDimension: "ecs:service:DesiredCount",
      ResourceId: resourceId,
      MinCapacity: min,
      MaxCapacity: max,
      RoleARN: `arn:${world.partition}:iam::${world.accountId}:role/aws-service-role/ecs.application-autoscaling.amazonaws.com/AWSServiceRoleForApplicationAutoScaling_ECSService`,
      CreationTime: before?.CreationTime ?? new Date(world.clock.now()),
      ScalableTargetARN: arn,
      SuspendedState:
        input.SuspendedState === undefined && before !== undefined
          ? before.SuspendedState
          : {
              // What is not named is not suspended.
              DynamicScalingInSuspended: false,
              DynamicScalingOutSuspended: false,
              ScheduledScalingSuspended: false,
              ...input.SuspendedState,
            },
    };
    world.applicationAutoScaling.scalableTargets.set(resourceId, target);
    if (before === undefined)
      world.applicationAutoScaling.tags.set(resourceId, readTags(tagList(input.Tags), validation));
    keepWithinBounds(world, target);
    return { ScalableTargetARN: arn };
  },

  async deregisterScalableTarget(input) {
    const resourceId = requireService(input);
    const { scalableTargets, policies, scheduledActions, tags } = world.applicationAutoScaling;
    if (!scalableTargets.delete(resourceId)) throw noTarget(resourceId);
    tags.delete(resourceId);
    for (const [arn, { description }] of policies) {
      if (description.ResourceId !== resourceId) continue;
      policies.delete(arn);
      forgetAlarms(world, description);
    }
    for (const [key, { description, next }] of scheduledActions) {
      if (description.ResourceId !== resourceId) continue;
      next.cancel();
      scheduledActions.delete(key);
    }
    return {};
  },

  async describeScalableTargets(input) {
    requireScaling(input, ["ServiceNamespace"]);
    if (input.ScalableDimension !== undefined && input.ResourceIds === undefined) {
      throw validation("ResourceIds must be specified when ScalableDimension is.");
    }
    if ((input.ResourceIds?.length ?? 0) > 50) throw validation("ResourceIds takes at most 50 values.");
    const found = [...world.applicationAutoScaling.scalableTargets.values()].filter(
      (target) =>
        target.ServiceNamespace === input.ServiceNamespace &&
        (input.ScalableDimension === undefined || target.ScalableDimension === input.ScalableDimension) &&
        (input.ResourceIds === undefined || input.ResourceIds.includes(target.ResourceId ?? "")),
    );
    const { items, nextToken } = scalingPage(found, input);
    return { ScalableTargets: items, NextToken: nextToken };
  },

  async listTagsForResource(input) {
    return { Tags: Object.fromEntries(tagsOf(world, input.ResourceARN)) };
  },

  async tagResource(input) {
    const added = readTags(tagList(input.Tags), validation);
    addTags(tagsOf(world, input.ResourceARN), added, validation);
    return {};
  },
});

function tagsOf(world: World, arn: string | undefined): Map<string, string> {
  const { scalableTargets, tags } = world.applicationAutoScaling;
  const target = [...scalableTargets.values()].find(({ ScalableTargetARN }) => ScalableTargetARN === arn);
  if (target?.ResourceId === undefined)
    throw new Refusal("ResourceNotFoundException", `The resource ${arn} does not exist.`);
  const found = tags.get(target.ResourceId) ?? new Map<string, string>();
  tags.set(target.ResourceId, found);
  return found;
}

const tagList = (tags: Record<string, string> | undefined) =>
  Object.entries(tags ?? {}).map(([Key, Value]) => ({ Key, Value }));
