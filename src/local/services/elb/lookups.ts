import type { Action } from "@aws-sdk/client-elastic-load-balancing-v2";
import type { Account } from "../../core/account.js";
import { arnNotFound } from "./service-errors.js";
import type { ElbState, Listener, LoadBalancer, TargetGroup } from "./state.js";

export function findLoadBalancer(account: Account, arn: string): LoadBalancer {
  const found = account.elb.loadBalancers.get(arn);
  if (found === undefined) throw arnNotFound(account, "load balancer", arn);
  return found;
}

export function findTargetGroup(account: Account, arn: string): TargetGroup {
  const found = account.elb.targetGroups.get(arn);
  if (found === undefined) throw arnNotFound(account, "target group", arn);
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

/** ELB's state of an account -> ARN of a target group -> ARN of the load balancer whose rules refer to it. */
const uses = new WeakMap<ElbState, ReadonlyMap<string, string>>();

/** Call it after every change of rules, their actions or listeners: there can be hundreds, and each is looked up often. */
export function indexUse({ elb }: Account): ReadonlyMap<string, string> {
  const index = new Map<string, string>();
  for (const rule of elb.rules.values()) {
    const listener = elb.listeners.get(rule.listenerArn);
    if (listener === undefined) continue;
    for (const arn of groupsOf(rule.actions)) if (!index.has(arn)) index.set(arn, listener.loadBalancerArn);
  }
  uses.set(elb, index);
  return index;
}

/** The load balancer whose rules refer to the group; there is at most one. */
export function loadBalancerOf(account: Account, group: TargetGroup): LoadBalancer | undefined {
  const index = uses.get(account.elb) ?? indexUse(account);
  const arn = index.get(group.arn);
  return arn === undefined ? undefined : account.elb.loadBalancers.get(arn);
}

/** The ARNs of the target groups that a load balancer's rules refer to. */
export const groupsBehind = (account: Account, loadBalancerArn: string): string[] =>
  [...(uses.get(account.elb) ?? indexUse(account))].flatMap(([group, balancer]) =>
    balancer === loadBalancerArn ? [group] : [],
  );
