import type { Tag } from "@aws-sdk/client-auto-scaling";
import type { AutoScalingApi } from "../../../aws/api.js";
import type { Account } from "../../core/account.js";
import { readTags } from "../../core/tags.js";
import { findGroup, requireAutoScaling, validationError } from "./request.js";
import type { AutoScalingGroup } from "./state.js";

export function groupTags(account: Account): Pick<AutoScalingApi, "createOrUpdateTags"> {
  return {
    async createOrUpdateTags(input) {
      requireAutoScaling(input, ["Tags"]);
      const tags = input.Tags ?? [];
      for (const tag of tags) {
        if (tag.ResourceType !== "auto-scaling-group") {
          throw validationError(`'${tag.ResourceType}' is not a valid resource type for a tag.`);
        }
        findGroup(account, tag.ResourceId);
      }
      for (const tag of tags) setGroupTags(findGroup(account, tag.ResourceId), [tag]);
      return {};
    },
  };
}

/** Instances get the propagated tags when they are launched, not later. */
export function setGroupTags(group: AutoScalingGroup, tags: readonly Tag[]): void {
  readTags(tags, validationError);
  for (const { Key: key = "", Value: value = "", PropagateAtLaunch: propagate = false } of tags) {
    group.tags.set(key, { value, propagate });
  }
}
