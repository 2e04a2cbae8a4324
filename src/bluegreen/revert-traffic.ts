import type { AwsContext } from "../aws/context.js";
import { weightsOf } from "../load-balancer/rules/rule-weights.js";
import type { ColorSubject } from "./color-health.js";
import type { ReleaseState } from "./release-state.js";
import { dividedBy, sameWeights, shiftTraffic } from "./shift-traffic.js";

export interface FailedShift {
  readonly deployment: string;
  readonly to: ColorSubject;
  readonly from: ColorSubject;
  /** Per cent of the step that was being made: nobody may know whether it was. */
  readonly tried: number;
}

/**
 * All requests back to where they came from: from the step before, or from the one that was being made.
 *
 * @throws QuaysideError `release-moved` when another process has moved them elsewhere
 */
export async function revertTraffic(
  state: ReleaseState,
  { deployment, to, from, tried }: FailedShift,
  context: AwsContext,
): Promise<void> {
  const step = { to: to.targetGroupArn, percent: tried, from: from.targetGroupArn };
  const rules = await Promise.all(
    state.rules.map(async (rule) => {
      const { Rules } = await context.aws.elb.describeRules({ RuleArns: [rule.arn] });
      const now = weightsOf(Rules?.[0]?.Actions ?? []);
      return sameWeights(now, dividedBy(rule.weights, step)) ? { ...rule, weights: now } : rule;
    }),
  );
  await shiftTraffic(
    { ...state, rules },
    {
      deployment,
      to: from.targetGroupArn,
      percent: 100,
      from: undefined,
      why: `taken back to ${from.serviceName}`,
    },
    context,
  );
}
