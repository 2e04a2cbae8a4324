import type { Action } from "@aws-sdk/client-elastic-load-balancing-v2";
import type { Account } from "../../core/account.js";
import { ServiceError } from "../../core/service-error.js";
import { groupsOf } from "./lookups.js";

/** A rule over several target groups needs group stickiness if one of them has target stickiness. */
export function checkGroupStickiness(account: Account, actions: readonly Action[]): void {
  const isSticky = (arn: string) =>
    account.elb.targetGroups.get(arn)?.attributes.get("stickiness.enabled") === "true";
  for (const action of actions) {
    if (!isDivided(action) || !groupsOf([action]).some(isSticky)) continue;
    throw new ServiceError(
      "InvalidConfigurationRequest",
      "You must enable group stickiness on a rule if you enabled target stickiness on one of its target groups",
    );
  }
}

/** Target stickiness cannot be enabled before the group stickiness of such a rule. */
export function checkTargetStickiness(account: Account, targetGroupArn: string): void {
  for (const { arn, actions } of account.elb.rules.values()) {
    if (!actions.some((action) => isDivided(action) && groupsOf([action]).includes(targetGroupArn))) continue;
    throw new ServiceError(
      "InvalidConfigurationRequest",
      `This target group appears behind a rule with group stickiness disabled (${arn}). You must enable group stickiness before enabling target stickiness`,
    );
  }
}

const isDivided = ({ ForwardConfig }: Action): boolean =>
  (ForwardConfig?.TargetGroups ?? []).length > 1 &&
  ForwardConfig?.TargetGroupStickinessConfig?.Enabled !== true;
