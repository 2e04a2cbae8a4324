import type { AutoScalingApi } from "../../../aws/api.js";
import type { Account } from "../../core/account.js";
import { createAccountFacts } from "./account-facts.js";
import { activities } from "./activities.js";
import { createStandby } from "./standby.js";
import { trackInstances } from "./capacity.js";
import { createCapacityChanges } from "./capacity-changes.js";
import { createGroupTargetGroups } from "./group-target-groups.js";
import { groupTags } from "./group-tags.js";
import { groups } from "./groups.js";
import { createLaunchConfigurations } from "./launch-configurations.js";
import { createMembership } from "./membership.js";
import { createInstanceRefreshes } from "./instance-refreshes.js";
import { createGroupPolicies, scaleGroupsOnAlarms } from "./policies.js";
import { createGroupSchedules } from "./scheduled-actions.js";

/** EC2 Auto Scaling: groups, and the instances that they launch and terminate. */
export function createAutoScaling(account: Account): AutoScalingApi {
  trackInstances(account);
  scaleGroupsOnAlarms(account);
  return {
    ...groups(account),
    ...groupTags(account),
    ...activities(account),
    ...createGroupPolicies(account),
    ...createGroupSchedules(account),
    ...createCapacityChanges(account),
    ...createGroupTargetGroups(account),
    ...createInstanceRefreshes(account),
    ...createStandby(account),
    ...createMembership(account),
    ...createLaunchConfigurations(account),
    ...createAccountFacts(account),
  };
}
