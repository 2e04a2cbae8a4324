import type { Action } from "@aws-sdk/client-elastic-load-balancing-v2";
import type { World } from "../../core/account.js";
import { durations } from "../../core/durations.js";
import { Refusal } from "../../core/service-error.js";
import { groupsOf, loadBalancerOf } from "./lookups.js";
import { refreshTargets } from "./target-health.js";

/** A target group serves one load balancer only. */
export function checkAssociation(world: World, loadBalancerArn: string, actions: readonly Action[]): void {
  for (const arn of groupsOf(actions)) {
    const group = world.elb.targetGroups.get(arn);
    const holder = group && loadBalancerOf(world, group);
    if (holder !== undefined && holder.arn !== loadBalancerArn) {
      throw new Refusal(
        "TargetGroupAssociationLimit",
        `The following target groups cannot be associated with more than one load balancer: ${arn}`,
      );
    }
  }
}

/** Call after whatever changes which groups are in use: what ECS and DeleteTargetGroup see of it lags behind. */
export function refreshUse(world: World): void {
  for (const group of world.elb.targetGroups.values()) {
    const inUse = loadBalancerOf(world, group) !== undefined;
    if (inUse) group.attachedSince ??= world.clock.now() + durations.targetGroupAttachmentVisible;
    if (!inUse && group.attachedSince !== undefined) {
      group.attachedSince = undefined;
      group.inUseUntil = world.clock.now() + durations.targetGroupInUseLinger;
    }
    refreshTargets(world, group);
  }
}
