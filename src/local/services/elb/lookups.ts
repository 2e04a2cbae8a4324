import type { Action } from "@aws-sdk/client-elastic-load-balancing-v2";
import type { Account } from "../../core/account.js";
import { loadBalancerNotFound, targetGroupNotFound } from "./service-errors.js";
import type { Listener, LoadBalancer, TargetGroup } from "./state.js";

export function findLoadBalancer(account: Account, arn: string): LoadBalancer {
  const found = account.elb.loadBalancers.get(arn);
  if (found === undefined) throw loadBalancerNotFound(arn);
  return found;
}

export function findTargetGroup(account: Account, arn: string): TargetGroup {
  const found = account.elb.targetGroups.get(arn);
  if (found === undefined) throw targetGroupNotFound(arn);
  return found;
}

export const listenersOf = (account: Account, loadBalancerArn: string): Listener[] =>
  [...account.elb.listeners.values()].filter((listener) => listener.loadBalancerArn === loadBalancerArn);

/** Every target group that an action refers to, also with weight 0. */
export const groupsOf = (actions: readonly Action[]): string[] => [
  ...new Set(
    actions.flatMap((action) => [
      ...(action.TargetGroupArn === undefined ? [] : [action.TargetGroupArn]),
      ...(action.ForwardConfig?.TargetGroups ?? []).flatMap(({ TargetGroupArn }) => TargetGroupArn ?? []),
    ]),
  ),
];

/** The load balancer whose rules refer to the group; there is at most one. */
export function loadBalancerOf(account: Account, group: TargetGroup): LoadBalancer | undefined {
  for (const rule of account.elb.rules.values()) {
    if (!groupsOf(rule.actions).includes(group.arn)) continue;
    const listener = account.elb.listeners.get(rule.listenerArn);
    if (listener !== undefined) return account.elb.loadBalancers.get(listener.loadBalancerArn);
  }
  return undefined;
}
