import type { ApplicationAutoScalingApi } from "../../../aws/api.js";
import type { Account } from "../../core/account.js";
import { createPolicies } from "./policies.js";
import { requireScaling, scalingPage } from "./request.js";
import { createScalableTargets } from "./scalable-targets.js";
import { scaleOnAlarms } from "./scale-on-alarms.js";
import { createScheduledActions } from "./scheduled-actions.js";

/** Application Auto Scaling: scalable targets, their policies and schedules. */
export function createApplicationAutoScaling(account: Account): ApplicationAutoScalingApi {
  scaleOnAlarms(account);
  return {
    ...createScalableTargets(account),
    ...createPolicies(account),
    ...createScheduledActions(account),

    async describeScalingActivities(input) {
      requireScaling(input, ["ServiceNamespace"]);
      const found = account.applicationAutoScaling.activities
        .filter(({ ResourceId }) => input.ResourceId === undefined || input.ResourceId === ResourceId)
        .reverse();
      const { items, nextToken } = scalingPage(found, input);
      return { ScalingActivities: items, NextToken: nextToken };
    },
  };
}
