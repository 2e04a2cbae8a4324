import type { AwsContext } from "../aws/context.js";
import { weightsOf } from "../load-balancer/rules/rule-weights.js";
import type { ColorSubject } from "./color-health.js";
import type { ReleaseState } from "./release-state.js";
import { weightsFor, sameWeights, shiftTraffic } from "./shift-traffic.js";

export interface FailedShift {
  readonly deployment: string;
  readonly to: ColorSubject;
  readonly from: ColorSubject;
  /** The percentage of the step that failed: its shift may or may not have been made. */
  readonly attempted: number;
}

/**
 * Shifts all traffic back to the old color, from the weights of the previous or of the failed step.
 *
 * @throws QuaysideError `release-moved` if another process has shifted the traffic
 */
export async function revertTraffic(
  state: ReleaseState,
  { deployment, to, from, attempted }: FailedShift,
  context: AwsContext,
): Promise<void> {
  const step = { to: to.color, percent: attempted, from: from.color };
  const rules = await Promise.all(
    state.rules.map(async (rule) => {
      const { Rules } = await context.aws.elb.describeRules({ RuleArns: [rule.arn] });
      const now = weightsOf(Rules?.[0]?.Actions ?? []);
      return sameWeights(now, weightsFor(rule, step)) ? { ...rule, weights: now } : rule;
    }),
  );
  await shiftTraffic(
    { ...state, rules },
    {
      deployment,
      to: from.color,
      percent: 100,
      from: undefined,
      why: `shifted back to ${from.serviceName}`,
    },
    context,
  );
}
