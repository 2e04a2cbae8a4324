import type { AwsContext } from "../aws/context.js";
import { actionsBy, weightsOf, type GroupWeight } from "../load-balancer/rules/rule-weights.js";
import { assertNotClaimed } from "./claim.js";
import { releaseError, type Color } from "./colors.js";
import type { ReleaseState } from "./release-state.js";
import type { Side, WeightedRule } from "./weighted-rule.js";

/** The division of the traffic of every route between two services. */
export interface Shares {
  /** The service that gets `percent` of the traffic. */
  readonly to: Side;
  readonly percent: number;
  /** The service that keeps the rest; `undefined` if there is no rest. */
  readonly from: Side | undefined;
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
    const wanted = weightsFor(rule, shift);
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
  const weights = { blue: weightFor("blue", shift), green: weightFor("green", shift) };
  const { deployment, why } = shift;
  context.emit({ type: "traffic", at: context.clock.now(), deployment, weights, why });
  return moved;
}

/**
 * The weights for the shares. Any other group in the rule gets nothing, such as that of the service from before
 * blue/green. A rule of a route that the service does not have stays as it is.
 */
export function weightsFor(
  { weights, groups }: Pick<WeightedRule, "weights" | "groups">,
  { to, percent, from }: Shares,
): readonly GroupWeight[] {
  if (groups[to] === undefined) return weights;
  const rest = from && groups[from];
  const weightOf = (arn: string): number => (arn === groups[to] ? percent : arn === rest ? 100 - percent : 0);
  return weights.map(({ arn }) => ({ arn, weight: weightOf(arn) }));
}

/** Takes the traffic back if another run changes or stops the color that has got it, and throws. */
async function takeBackIfClaimed(
  state: ReleaseState,
  { deployment, to, percent }: Shift,
  changed: readonly WeightedRule[],
  context: AwsContext,
): Promise<void> {
  if (to === "rolling" || percent === 0) return;
  try {
    await assertNotClaimed(deployment, state, to, context);
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

const weightFor = (color: Color, { to, percent, from }: Shares): number =>
  color === to ? percent : color === from ? 100 - percent : 0;

export const sameWeights = (a: readonly GroupWeight[], b: readonly GroupWeight[]): boolean =>
  a.length === b.length &&
  a.every(({ arn, weight }) => b.some((other) => other.arn === arn && other.weight === weight));

const movedError = (deployment: string) =>
  releaseError(
    "release-moved",
    `The traffic of ${deployment} was not shifted: another process has shifted it in the meantime`,
    { fix: "Read it again with release(), then decide." },
  );
