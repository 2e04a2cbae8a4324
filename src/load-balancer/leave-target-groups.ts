import type { AwsContext } from "../aws/context.js";
import { forwardBy, weightsOf, type GroupWeight } from "./rules/rule-weights.js";

/** Seconds until all nodes of a load balancer know that a rule has changed. */
const SPREAD = 15;
/** ELB takes weights up to 999. */
const MOST = 999;

export interface TargetGroupRemoval {
  /** ARNs of the rules. */
  readonly rules: readonly string[];
  /** ARNs of the target groups that are about to be deleted. */
  readonly groups: readonly string[];
  /** ARN of the one that takes their requests over. */
  readonly to: string;
  /** Seconds that requests under way may still take. */
  readonly drain: number;
}

/**
 * Takes target groups out of rules, so that they can be deleted. Their share of the requests goes to
 * the one that stays; what they are still answering is let finish first.
 */
export async function leaveTargetGroups(
  { rules, groups, to, drain }: TargetGroupRemoval,
  context: AwsContext,
): Promise<void> {
  const { elb } = context.aws;
  if (rules.length === 0 || groups.length === 0) return;
  const { Rules = [] } = await elb.describeRules({ RuleArns: [...rules] });
  const concerned = Rules.filter(({ Actions = [] }) =>
    weightsOf(Actions).some(({ arn }) => groups.includes(arn)),
  );
  if (concerned.length === 0) return;

  for (const { RuleArn, Actions = [] } of concerned) {
    const before = weightsOf(Actions);
    const after = withoutShare(before);
    if (after.some(({ weight }, index) => weight !== before[index]!.weight)) {
      await elb.modifyRule({ RuleArn, Actions: [forwardBy(after, Actions)] });
    }
  }
  await context.clock.sleep((SPREAD + drain) * 1000, context.signal);
  for (const { RuleArn, Actions = [] } of concerned) {
    const stay = withoutShare(weightsOf(Actions)).filter(({ arn }) => !groups.includes(arn));
    await elb.modifyRule({ RuleArn, Actions: [forwardBy(stay, Actions)] });
  }

  function withoutShare(weights: readonly GroupWeight[]): GroupWeight[] {
    const freed = weights.reduce((sum, { arn, weight }) => sum + (groups.includes(arn) ? weight : 0), 0);
    return weights.map(({ arn, weight }) => {
      if (groups.includes(arn)) return { arn, weight: 0 };
      return { arn, weight: arn === to ? Math.min(MOST, weight + freed) : weight };
    });
  }
}
