import type { AwsContext } from "../aws/context.js";
import { actionsBy, weightsOf, type GroupWeight } from "./rules/rule-weights.js";

/** Seconds until all nodes of a load balancer know that a rule has changed. */
const PROPAGATION = 15;
/** The maximum weight in ELB. */
const MAX_WEIGHT = 999;

export interface TargetGroupRemoval {
  /** ARNs of the rules. */
  readonly rules: readonly string[];
  /** ARNs of the target groups that are about to be deleted. */
  readonly groups: readonly string[];
  /** ARN of the target group that takes over their requests. */
  readonly to: string;
  /** Seconds that requests in flight may still take. */
  readonly drain: number;
}

/**
 * Removes target groups from rules, so that they can be deleted. Their share of the requests moves to the one
 * that is kept; requests in flight can finish first.
 */
export async function leaveTargetGroups(
  { rules, groups, to, drain }: TargetGroupRemoval,
  context: AwsContext,
): Promise<void> {
  const { elb } = context.aws;
  if (rules.length === 0 || groups.length === 0) return;
  const { Rules = [] } = await elb.describeRules({ RuleArns: [...rules] });
  const affected = Rules.filter(({ Actions = [] }) =>
    weightsOf(Actions).some(({ arn }) => groups.includes(arn)),
  );
  if (affected.length === 0) return;

  for (const { RuleArn, Actions = [] } of affected) {
    const before = weightsOf(Actions);
    const after = withoutShare(before);
    if (after.some(({ weight }, index) => weight !== before[index]!.weight)) {
      await elb.modifyRule({ RuleArn, Actions: actionsBy(after, Actions) });
    }
  }
  await context.clock.sleep((PROPAGATION + drain) * 1000, context.signal);
  for (const { RuleArn, Actions = [] } of affected) {
    const kept = withoutShare(weightsOf(Actions)).filter(({ arn }) => !groups.includes(arn));
    await elb.modifyRule({ RuleArn, Actions: actionsBy(kept, Actions) });
  }

  function withoutShare(weights: readonly GroupWeight[]): GroupWeight[] {
    const freed = weights.reduce((sum, { arn, weight }) => sum + (groups.includes(arn) ? weight : 0), 0);
    return weights.map(({ arn, weight }) => {
      if (groups.includes(arn)) return { arn, weight: 0 };
      return { arn, weight: arn === to ? Math.min(MAX_WEIGHT, weight + freed) : weight };
    });
  }
}
