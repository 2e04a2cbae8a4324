import type { Action } from "@aws-sdk/client-elastic-load-balancing-v2";
import type { AwsContext } from "../../aws/context.js";
import { OWNER_TAG } from "../../aws/tags.js";
import { elbTags } from "../elb-tags.js";
import type { ListenerRuleDesired } from "./listener-rule-state.js";

/** A target group's share of a rule's requests: its weight among all weights. */
export interface GroupWeight {
  readonly arn: string;
  readonly weight: number;
}

/** The weight of a target group that gets all requests. */
const ALL = 100;

/**
 * The target groups and weights of a rule's actions. ELB reports a forward to one target group in two ways.
 */
export function weightsOf(actions: readonly Action[]): GroupWeight[] {
  const weights = new Map<string, number>();
  for (const { Type, TargetGroupArn, ForwardConfig } of actions) {
    if (Type !== "forward") continue;
    for (const { TargetGroupArn: arn, Weight = 1 } of ForwardConfig?.TargetGroups ?? []) {
      if (arn !== undefined) weights.set(arn, Weight);
    }
    if (TargetGroupArn !== undefined && !weights.has(TargetGroupArn)) weights.set(TargetGroupArn, 1);
  }
  return [...weights].map(([arn, weight]) => ({ arn, weight }));
}

/** The action that splits the requests by these weights. The stickiness of the previous action is kept. */
export function forwardBy(weights: readonly GroupWeight[], before: readonly Action[] = []): Action {
  const [only] = weights;
  const stickiness = before.find(({ Type }) => Type === "forward")?.ForwardConfig
    ?.TargetGroupStickinessConfig;
  if (weights.length === 1 && stickiness?.Enabled !== true) {
    return { Type: "forward", TargetGroupArn: only!.arn };
  }
  return {
    Type: "forward",
    ForwardConfig: {
      TargetGroups: weights.map(({ arn, weight }) => ({ TargetGroupArn: arn, Weight: weight })),
      ...(stickiness?.Enabled === true && { TargetGroupStickinessConfig: stickiness }),
    },
  };
}

/** A new rule's action. */
export const forwardTo = ({ targetGroupArn, standby = [] }: ListenerRuleDesired): Action =>
  forwardBy([{ arn: targetGroupArn, weight: ALL }, ...standby.map((arn) => ({ arn, weight: 0 }))]);

/**
 * The action of a rule that forwards to additional target groups. New ones start with weight 0 as long as
 * another target group of the same owner gets the requests: these move once the new targets are ready. Groups
 * of other owners are removed.
 */
export async function joinedForward(
  ruleArn: string,
  desired: ListenerRuleDesired,
  context: AwsContext,
): Promise<Action> {
  const { Rules } = await context.aws.elb.describeRules({ RuleArns: [ruleArn] });
  const before = Rules?.[0]?.Actions ?? [];
  const present = weightsOf(before);
  const tags = await elbTags(
    present.map(({ arn }) => arn),
    context,
  );
  const own = present.filter(({ arn }) => tags.get(arn)?.[OWNER_TAG] === desired.tags[OWNER_TAG]);
  if (!own.some(({ weight }) => weight > 0)) return forwardTo(desired);
  const added = [desired.targetGroupArn, ...(desired.standby ?? [])].filter(
    (arn) => !own.some((group) => group.arn === arn),
  );
  return forwardBy([...own, ...added.map((arn) => ({ arn, weight: 0 }))], before);
}
