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

/** All of the requests, where there are shares of them. */
const ALL = 100;

/** A forward to one target group is reported in two ways, to several in one. */
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

/** The action that divides the requests so. What it says of stickiness stays. */
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
 * The action of a rule that shall also forward to what it does not yet. What is new joins without any
 * requests as long as another target group of the same owner serves them: they move when what is behind
 * it is ready. Groups that are not the owner's leave.
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
  const ours = present.filter(({ arn }) => tags.get(arn)?.[OWNER_TAG] === desired.tags[OWNER_TAG]);
  if (!ours.some(({ weight }) => weight > 0)) return forwardTo(desired);
  const fresh = [desired.targetGroupArn, ...(desired.standby ?? [])].filter(
    (arn) => !ours.some((group) => group.arn === arn),
  );
  return forwardBy([...ours, ...fresh.map((arn) => ({ arn, weight: 0 }))], before);
}
