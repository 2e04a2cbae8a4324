import type { AwsContext } from "../../aws/context.js";
import { ignoreNotFound } from "../../aws/not-found.js";
import { listenersOf, rulesOf } from "../elb-pages.js";
import { actionsBy, groupStickiness, isSticky, weightsOf } from "./rule-weights.js";

/**
 * Enables group stickiness on the rules that forward to the target group and to others: ELB refuses target stickiness
 * before.
 *
 * @param balancers - ARNs of the target group's load balancers
 * @param seconds - of the target group's own stickiness
 */
export async function enableGroupStickiness(
  targetGroupArn: string,
  balancers: readonly string[],
  seconds: number,
  context: AwsContext,
): Promise<void> {
  const listeners = (await Promise.all(balancers.map((arn) => listenersOf(arn, context)))).flat();
  const rules = await Promise.all(listeners.map(({ ListenerArn = "" }) => rulesOf(ListenerArn, context)));
  for (const { RuleArn, Actions = [] } of rules.flat()) {
    const weights = weightsOf(Actions);
    if (weights.length < 2 || isSticky(Actions) || !weights.some(({ arn }) => arn === targetGroupArn))
      continue;
    const actions = actionsBy(weights, Actions, groupStickiness(seconds));
    await ignoreNotFound(context.aws.elb.modifyRule({ RuleArn, Actions: actions }));
  }
}
