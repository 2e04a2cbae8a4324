import type { Action } from "@aws-sdk/client-elastic-load-balancing-v2";
import type { Account } from "../../core/account.js";
import { untilConsistent } from "../../core/consistency.js";
import { ServiceError } from "../../core/service-error.js";
import { checkAuthenticate } from "./actions.js";
import { groupsBehind, groupsOf, indexUse, loadBalancerOf } from "./lookups.js";
import { checkTargetProtocol } from "./network-load-balancers.js";
import { checkRedirects } from "./own-answers.js";
import { refreshTargets } from "./target-health.js";

/** "Target Groups per Application Load Balancer", which cannot be raised (ELB User Guide, "Quotas"). */
const MOST_GROUPS = 100;

/**
 * A target group can be used by only one load balancer, which is in the same VPC; HTTP/2 and gRPC only behind HTTPS
 * listeners (ELB User Guide, "Protocol version").
 */
export function checkAssociation(
  account: Account,
  {
    loadBalancerArn,
    protocol,
    port,
  }: { readonly loadBalancerArn: string; readonly protocol: string; readonly port: number },
  actions: readonly Action[],
): void {
  checkAuthenticate(protocol, actions);
  checkRedirects({ protocol, port }, actions);
  for (const arn of groupsOf(actions)) {
    const group = account.elb.targetGroups.get(arn);
    if (group !== undefined) checkTargetProtocol(protocol, group);
    if (group !== undefined && group.protocolVersion !== "HTTP1" && protocol === "HTTP") {
      throw new ServiceError(
        "InvalidLoadBalancerAction",
        `Listener protocol 'HTTP' is not supported with a target group with the protocol-version '${group.protocolVersion}'`,
      );
    }
    const current = group && loadBalancerOf(account, group);
    const loadBalancer = account.elb.loadBalancers.get(loadBalancerArn);
    if (group !== undefined && group.vpcId !== loadBalancer?.vpcId) {
      throw new ServiceError(
        "InvalidConfigurationRequest",
        `Target group '${arn}' is in a different VPC than load balancer '${loadBalancerArn}'`,
      );
    }
    if (current !== undefined && current.arn !== loadBalancerArn) {
      throw new ServiceError(
        "TargetGroupAssociationLimit",
        `The following target groups cannot be associated with more than one load balancer: ${arn}`,
      );
    }
  }
  const groups = new Set([...groupsBehind(account, loadBalancerArn), ...groupsOf(actions)]);
  if (groups.size > MOST_GROUPS) {
    throw new ServiceError(
      "TooManyUniqueTargetGroupsPerLoadBalancer",
      "The maximum number of unique target groups per load balancer has been reached",
    );
  }
}

/**
 * Call it after every change of which groups are in use: what ECS and DeleteTargetGroup see is eventually
 * consistent.
 */
export function refreshUse(account: Account): void {
  indexUse(account);
  for (const group of account.elb.targetGroups.values()) {
    const inUse = loadBalancerOf(account, group) !== undefined;
    if (inUse)
      group.attachedSince ??= account.clock.now() + untilConsistent(account, "targetGroupAttachmentVisible");
    if (!inUse && group.attachedSince !== undefined) {
      group.attachedSince = undefined;
      group.inUseUntil = account.clock.now() + untilConsistent(account, "targetGroupInUseLinger");
    }
    refreshTargets(account, group);
  }
}
