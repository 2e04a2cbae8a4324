import type { AwsContext } from "../aws/context.js";
import { actionsBy, weightsOf, type GroupWeight } from "../load-balancer/rules/rule-weights.js";
import { assertNotClaimed } from "./claim.js";
import { COLORS, releaseError, type Color } from "./colors.js";
import type { ReleaseState, WeightedRule } from "./release-state.js";

/** The division of the traffic between two target groups. */
export interface Shares {
  /** The target group that gets `percent` of the traffic. */
  readonly to: string;
  readonly percent: number;
  /** The target group that keeps the rest; `undefined` if there is no rest. */
  readonly from: string | undefined;
}

export interface Shift extends Shares {
  readonly deployment: string;
  readonly why: string;
}

/**
 * Shifts the traffic with one ModifyRule for each listener. Reads each rule again before: if its weights have
 * changed since the caller read them, another process has shifted the traffic, and they are not changed.
 *
 * @returns the rules after the shift
 * @throws QuaysideError `release-moved`; `another-run` if the color that has got traffic is changed or stopped by
 *   another run: its traffic is as before then
 */
export async function shiftTraffic(
  state: ReleaseState,
  shift: Shift,
  context: AwsContext,
): Promise<readonly WeightedRule[]> {
  const moved: WeightedRule[] = [];
  const changed: WeightedRule[] = [];
  for (const rule of state.rules) {
    const wanted = weightsFor(rule.weights, shift);
    const now = await currentRule(rule, context);
    if (sameWeights(now.weights, wanted)) {
      moved.push({ ...now, weights: wanted });
      continue;
    }
    if (!sameWeights(now.weights, rule.weights)) throw movedError(shift.deployment);
    const actions = actionsBy(wanted, now.actions);
    await context.aws.elb.modifyRule({ RuleArn: rule.arn, Actions: actions });
    moved.push({ ...now, actions, weights: wanted });
    changed.push(rule);
  }
  await takeBackIfClaimed(state, shift, changed, context);
  const weights = { blue: weightFor(state, "blue", shift), green: weightFor(state, "green", shift) };
  const { deployment, why } = shift;
  context.emit({ type: "traffic", at: context.clock.now(), deployment, weights, why });
  return moved;
}

/** The weights for the shares. Any other group in the rule gets nothing, such as that of the service from before blue/green. */
export function weightsFor(weights: readonly GroupWeight[], { to, percent, from }: Shares): GroupWeight[] {
  const weightOf = (arn: string): number => (arn === to ? percent : arn === from ? 100 - percent : 0);
  return weights.map(({ arn }) => ({ arn, weight: weightOf(arn) }));
}

/** Takes the traffic back if another run changes or stops the color that has got it, and throws. */
async function takeBackIfClaimed(
  state: ReleaseState,
  { deployment, to, percent }: Shift,
  changed: readonly WeightedRule[],
  context: AwsContext,
): Promise<void> {
  const color = COLORS.find((each) => state[each].targetGroupArn === to);
  if (color === undefined || percent === 0) return;
  try {
    await assertNotClaimed(deployment, state, color, context);
  } catch (error) {
    for (const { arn, weights, actions } of changed) {
      await context.aws.elb.modifyRule({ RuleArn: arn, Actions: actionsBy(weights, actions) });
    }
    throw error;
  }
}

async function currentRule(rule: WeightedRule, context: AwsContext): Promise<WeightedRule> {
  const { Rules } = await context.aws.elb.describeRules({ RuleArns: [rule.arn] });
  const actions = Rules?.[0]?.Actions ?? [];
  return { ...rule, actions, weights: weightsOf(actions) };
}

function weightFor(state: ReleaseState, color: Color, { to, percent, from }: Shares): number {
  const arn = state[color].targetGroupArn;
  if (arn === undefined) return 0;
  return arn === to ? percent : arn === from ? 100 - percent : 0;
}

export const sameWeights = (a: readonly GroupWeight[], b: readonly GroupWeight[]): boolean =>
  a.length === b.length &&
  a.every(({ arn, weight }) => b.some((other) => other.arn === arn && other.weight === weight));

const movedError = (deployment: string) =>
  releaseError(
    "release-moved",
    `The traffic of ${deployment} was not shifted: another process has shifted it in the meantime`,
    { fix: "Read it again with release(), then decide." },
  );
