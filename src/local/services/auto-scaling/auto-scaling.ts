import type { AutoScalingPort } from "../../../aws/api.js";
import type { World } from "../../core/account.js";
import { activities } from "./activities.js";
import { followInstances } from "./capacity.js";
import { groupTags } from "./group-tags.js";
import { groups } from "./groups.js";
import { createGroupPolicies, followGroupAlarms } from "./policies.js";
import { createGroupSchedules } from "./scheduled-actions.js";

/** EC2 Auto Scaling: groups, and the instances that they launch and terminate by themselves. */
export function createAutoScaling(world: World): AutoScalingPort {
  followInstances(world);
  followGroupAlarms(world);
  return {
    ...groups(world),
    ...groupTags(world),
    ...activities(world),
    ...createGroupPolicies(world),
    ...createGroupSchedules(world),
  };
}
