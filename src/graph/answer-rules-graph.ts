import type { AwsContext } from "../aws/context.js";
import { ownerOf } from "../aws/owner.js";
import { created, type Graph, type Ref } from "../engine/graph.js";
import { listenerName, type ListenerState } from "../load-balancer/owned-listeners.js";
import { listenerRuleKind } from "../load-balancer/listener-rule.js";
import { listenerRuleName, PART_TAG } from "../load-balancer/rules/listener-rule-name.js";
import type { ListenerRuleState } from "../load-balancer/rules/listener-rule-state.js";
import { namedConditions } from "../load-balancer/rules/rule-conditions.js";
import type { LoadBalancerSpec } from "../spec/load-balancer.js";
import { takenBy } from "../spec/request-conditions.js";
import { splitRoute } from "../spec/split-route.js";
import { partOf, positionOf } from "./rule-parts.js";

/**
 * Adds the rules by which a load balancer answers requests by itself. They are identified by their conditions: one with
 * other conditions is created before the old one is deleted.
 */
export function addAnswerRules(
  graph: Graph<AwsContext>,
  { name: loadBalancer, answers = [], tags }: LoadBalancerSpec,
  listeners: readonly { readonly name: string; readonly ref: Ref<ListenerState> }[],
): void {
  const owner = ownerOf.loadBalancer(loadBalancer);
  for (const listener of listeners) {
    // One after the other, so that the same rules always get the same priorities.
    let before: Ref<ListenerRuleState> | undefined;
    for (const answer of answers) {
      const { conditions, priority, ports, action } = answer;
      if (!ports.some((port) => listenerName(loadBalancer, port) === listener.name)) continue;
      for (const [index, part] of splitRoute(answer, takenBy(conditions)).entries()) {
        const own = { ...tags, [PART_TAG]: partOf(part.host, part.path, conditions) };
        before = graph.add({
          kind: listenerRuleKind,
          name: listenerRuleName(listener.name, owner, own),
          owner,
          needs: { listener: created(listener.ref), before: created(before) },
          desired: ({ listener: { arn } }) => ({
            listenerArn: arn,
            path: [...part.path],
            host: [...part.host],
            ...namedConditions(conditions),
            action,
            ...positionOf(priority, index),
            tags: own,
          }),
        });
      }
    }
  }
}
