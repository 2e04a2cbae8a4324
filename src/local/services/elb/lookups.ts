import type { Action } from "@aws-sdk/client-elastic-load-balancing-v2";
import type { World } from "../../core/account.js";
import { loadBalancerNotFound, targetGroupNotFound } from "./refusals.js";
import type { Listener, LoadBalancer, TargetGroup } from "./state.js";

export function findLoadBalancer(world: World, arn: string): LoadBalancer {
  const found = world.elb.loadBalancers.get(arn);
  if (found === undefined) throw loadBalancerNotFound(arn);
  return found;
}

export function findTargetGroup(world: World, arn: string): TargetGroup {
  const found = world.elb.targetGroups.get(arn);
  if (found === undefined) throw targetGroupNotFound(arn);
  return found;
}

export const listenersOf = (world: World, loadBalancerArn: string): Listener[] =>
  [...world.elb.listeners.values()].filter((listener) => listener.loadBalancerArn === loadBalancerArn);

/** Every target group that an action refers to, also with weight 0. */
export const groupsOf = (actions: readonly Action[]): string[] => [
  ...new Set(
    actions.flatMap((action) => [
      ...(action.TargetGroupArn === undefined ? [] : [action.TargetGroupArn]),
      ...(action.ForwardConfig?.TargetGroups ?? []).flatMap(({ TargetGroupArn }) => TargetGroupArn ?? []),
    ]),
  ),
];

/** The load balancer whose rules refer to the group: there is one at most. */
export function loadBalancerOf(world: World, group: TargetGroup): LoadBalancer | undefined {
  for (const rule of world.elb.rules.values()) {
    if (!groupsOf(rule.actions).includes(group.arn)) continue;
    const listener = world.elb.listeners.get(rule.listenerArn);
    if (listener !== undefined) return world.elb.loadBalancers.get(listener.loadBalancerArn);
  }
  return undefined;
}
