import type { AwsContext } from "../aws/context.js";
import { ownerOf } from "../aws/owner.js";
import { created, type Graph, type Ref } from "../engine/graph.js";
import { stableHash } from "../engine/stable-hash.js";
import { listenerRuleKind } from "../load-balancer/listener-rule.js";
import { listenerRuleName, PART_TAG } from "../load-balancer/rules/listener-rule-name.js";
import type { ListenerRuleDesired, ListenerRuleState } from "../load-balancer/rules/listener-rule-state.js";
import type { TargetGroupState } from "../load-balancer/target-group.js";
import type { DeploymentSpec } from "../spec/deployment-spec.js";
import { splitRoute } from "../spec/split-route.js";
import type { LoadBalancerRefs } from "./load-balancer-graph.js";

/** Where the requests of a route go. */
export interface RouteTargets {
  /** All of the route's target groups; which gets the requests of a rule that is new, is the caller's. */
  readonly groups: readonly Ref<TargetGroupState>[];
  /** Position of that one. */
  readonly serving: number;
  /** Whether the others are named in the rule, too. */
  readonly hasStandby: boolean;
}

/**
 * The rules of a route on each listener: the first one, and further ones where AWS takes no more in one. Those
 * are known by what they hold and never change: one that holds something else is made, the first one takes over
 * what it gets, and the old one goes when everything works. So no request is without a rule in between.
 */
export function addRules(
  graph: Graph<AwsContext>,
  spec: DeploymentSpec,
  listeners: LoadBalancerRefs["listeners"],
  { groups, serving, hasStandby }: RouteTargets,
): Ref<ListenerRuleState>[] {
  const route = spec.route!;
  const owner = ownerOf.deployment(spec.name);
  const [first, ...further] = splitRoute(route).map(({ path, host }, index) => ({
    path,
    host,
    tags: index === 0 ? spec.tags : { ...spec.tags, [PART_TAG]: stableHash([host, path]).slice(0, 8) },
    place: placeOf(route.priority, index),
  }));
  return listeners.flatMap(({ name, ref }) => {
    const add = (part: NonNullable<typeof first>, before: readonly Ref<ListenerRuleState>[]) =>
      graph.add({
        kind: listenerRuleKind,
        name: listenerRuleName(name, owner, part.tags),
        owner,
        needs: {
          listener: created(ref),
          before: before.map((rule) => created(rule)),
          groups: groups.map((group) => created(group)),
        },
        desired: ({ listener, groups: targets }) => {
          const arns = targets.map(({ arn }) => arn);
          return {
            listenerArn: listener.arn,
            path: [...part.path],
            host: [...part.host],
            targetGroupArn: arns[serving]!,
            ...(hasStandby && { standby: arns.filter((_, index) => index !== serving) }),
            ...part.place,
            tags: part.tags,
          };
        },
      });
    // One after the other, so that the same rules always get the same places.
    const others: Ref<ListenerRuleState>[] = [];
    for (const part of further) others.push(add(part, others.slice(-1)));
    return [add(first!, others), ...others];
  });
}

const placeOf = (
  priority: number | undefined,
  index: number,
): Pick<ListenerRuleDesired, "priority" | "after"> =>
  priority === undefined || index === 0 ? { priority } : { priority: undefined, after: priority };
