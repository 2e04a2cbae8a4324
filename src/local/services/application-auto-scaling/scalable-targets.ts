import type {
  ScalableTarget,
  UntagResourceCommandInput,
  UntagResourceCommandOutput,
} from "@aws-sdk/client-application-auto-scaling";
import type { ApplicationAutoScalingApi, Operation } from "../../../aws/api.js";
import type { Account } from "../../core/account.js";
import { arnOf, iamArn, nameOf } from "../../core/arn.js";
import { ServiceError } from "../../core/service-error.js";
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
import { deleteTrackingAlarms } from "./target-tracking.js";

interface Untag {
  readonly untagResource: Operation<UntagResourceCommandInput, UntagResourceCommandOutput>;
}

type Handlers = Pick<
  ApplicationAutoScalingApi,
  | "registerScalableTarget"
  | "deregisterScalableTarget"
  | "describeScalableTargets"
  | "listTagsForResource"
  | "tagResource"
>;

export const createScalableTargets = (account: Account): Handlers & Untag => ({
  async registerScalableTarget(input) {
    const resourceId = requireService(input);
    const before = account.applicationAutoScaling.scalableTargets.get(resourceId);
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
    const service = serviceOfTarget(account, resourceId);
    if (service === undefined || account.clock.now() < service.visibleAt)
      throw validation(`ECS service doesn't exist: ${resourceId}`);
    if (!serviceLinkedRoleIsUsable(account, "ecs.application-autoscaling.amazonaws.com"))
      throw validation("Unable to assume IAM role: AWSServiceRoleForApplicationAutoScaling_ECSService");
    const id = before?.ScalableTargetARN === undefined ? account.hex(32) : nameOf(before.ScalableTargetARN);
    const arn = arnOf(account, "application-autoscaling", `scalable-target/${id}`);
    const target: ScalableTarget = {
      ServiceNamespace: "ecs",
      ScalableDimension: "ecs:service:DesiredCount",
      ResourceId: resourceId,
      MinCapacity: min,
      MaxCapacity: max,
      RoleARN: iamArn(
        account,
        `role/aws-service-role/ecs.application-autoscaling.amazonaws.com/AWSServiceRoleForApplicationAutoScaling_ECSService`,
      ),
      CreationTime: before?.CreationTime ?? new Date(account.clock.now()),
      ScalableTargetARN: arn,
      SuspendedState:
        input.SuspendedState === undefined && before !== undefined
          ? before.SuspendedState
          : {
              // What the request does not name is not suspended.
              DynamicScalingInSuspended: false,
              DynamicScalingOutSuspended: false,
              ScheduledScalingSuspended: false,
              ...input.SuspendedState,
            },
    };
    account.applicationAutoScaling.scalableTargets.set(resourceId, target);
    if (before === undefined)
      account.applicationAutoScaling.tags.set(resourceId, readTags(tagList(input.Tags), validation));
    keepWithinBounds(account, target);
    return { ScalableTargetARN: arn };
  },

  async deregisterScalableTarget(input) {
    const resourceId = requireService(input);
    const { scalableTargets, policies, scheduledActions, tags } = account.applicationAutoScaling;
    if (!scalableTargets.delete(resourceId)) throw noTarget(resourceId);
    tags.delete(resourceId);
    for (const [arn, { description }] of policies) {
      if (description.ResourceId !== resourceId) continue;
      policies.delete(arn);
      deleteTrackingAlarms(account, description);
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
    const found = [...account.applicationAutoScaling.scalableTargets.values()].filter(
      (target) =>
        target.ServiceNamespace === input.ServiceNamespace &&
        (input.ScalableDimension === undefined || target.ScalableDimension === input.ScalableDimension) &&
        (input.ResourceIds === undefined || input.ResourceIds.includes(target.ResourceId ?? "")),
    );
    const { items, nextToken } = scalingPage(found, input);
    return { ScalableTargets: items, NextToken: nextToken };
  },

  async listTagsForResource(input) {
    return { Tags: Object.fromEntries(tagsOf(account, input.ResourceARN)) };
  },

  async tagResource(input) {
    const added = readTags(tagList(input.Tags), validation);
    addTags(tagsOf(account, input.ResourceARN), added, validation);
    return {};
  },

  async untagResource(input) {
    const tags = tagsOf(account, input.ResourceARN);
    for (const key of input.TagKeys ?? []) tags.delete(key);
    return {};
  },
});

function tagsOf(account: Account, arn: string | undefined): Map<string, string> {
  const { scalableTargets, tags } = account.applicationAutoScaling;
  const target = [...scalableTargets.values()].find(({ ScalableTargetARN }) => ScalableTargetARN === arn);
  if (target?.ResourceId === undefined)
    throw new ServiceError("ResourceNotFoundException", `The resource ${arn} does not exist.`);
  const found = tags.get(target.ResourceId) ?? new Map<string, string>();
  tags.set(target.ResourceId, found);
  return found;
}

const tagList = (tags: Record<string, string> | undefined) =>
  Object.entries(tags ?? {}).map(([Key, Value]) => ({ Key, Value }));
