import type { Rule } from "@aws-sdk/client-elastic-load-balancing-v2";
import type { AwsContext } from "../../aws/context.js";
import { hasErrorCode } from "../../aws/error-code.js";
import { QuaysideError } from "../../errors.js";
import { rulesOf } from "../elb-pages.js";
import type { ListenerRuleDesired, ListenerRuleState } from "./listener-rule-state.js";
import { ranked } from "./rule-places.js";
import { isWellPlaced, rulePriority } from "./rule-priority.js";

/** On a rule that takes other requests now and has not come to its new place yet. */
export const MISPLACED_TAG = "quayside:misplaced";

/** How often another priority is chosen when somebody else was quicker. */
export const ATTEMPTS = 10;

/**
 * Gives a rule new conditions and, if it no longer stands where it belongs, another priority. It never takes
 * what is others' in between: a rule that gets broader goes back first, one that gets more specific comes
 * forward afterwards. Cut short before that, its tag says so to the next run.
 */
export async function rerouteAndMove(
  desired: ListenerRuleDesired,
  state: ListenerRuleState,
  reroute: (() => Promise<unknown>) | undefined,
  context: AwsContext,
): Promise<ListenerRuleState> {
  const { elb } = context.aws;
  const wanted = wantedPlace(desired, state, await rulesOf(desired.listenerArn, context));
  if (wanted > state.priority) {
    const moved = await moveToItsPlace(desired, state, context);
    await reroute?.();
    return moved;
  }
  const ResourceArns = [state.arn];
  if (wanted < state.priority && reroute !== undefined)
    await elb.addTags({ ResourceArns, Tags: [{ Key: MISPLACED_TAG, Value: "true" }] });
  await reroute?.();
  const moved = await moveToItsPlace(desired, state, context);
  if (wanted < state.priority || reroute === undefined)
    await elb.removeTags({ ResourceArns, TagKeys: [MISPLACED_TAG] });
  return moved;
}

/** To a priority that the chain gives. */
export async function moveTo(
  priority: number,
  state: ListenerRuleState,
  context: AwsContext,
): Promise<ListenerRuleState> {
  try {
    await context.aws.elb.setRulePriorities({ RulePriorities: [{ RuleArn: state.arn, Priority: priority }] });
    return { ...state, priority };
  } catch (error) {
    throw hasErrorCode(error, "PriorityInUse") ? priorityTaken(priority, error) : error;
  }
}

async function moveToItsPlace(
  desired: ListenerRuleDesired,
  state: ListenerRuleState,
  context: AwsContext,
): Promise<ListenerRuleState> {
  for (let attempt = 1; ; attempt++) {
    const priority = wantedPlace(desired, state, await rulesOf(desired.listenerArn, context));
    if (priority === state.priority) return state;
    try {
      await context.aws.elb.setRulePriorities({
        RulePriorities: [{ RuleArn: state.arn, Priority: priority }],
      });
      return { ...state, priority };
    } catch (error) {
      if (!hasErrorCode(error, "PriorityInUse") || attempt === ATTEMPTS) throw error;
    }
  }
}

function wantedPlace(
  { path, host }: ListenerRuleDesired,
  { arn, priority }: ListenerRuleState,
  rules: readonly Rule[],
): number {
  const others = rules.filter(({ RuleArn }) => RuleArn !== arn).flatMap(ranked);
  const route = { path, host, narrowed: false };
  return isWellPlaced({ ...route, priority }, others) ? priority : placed(rulePriority(route, others));
}

export function placed(priority: number | undefined): number {
  if (priority !== undefined) return priority;
  throw new QuaysideError(
    "no-rule-priority",
    "The rule was not created: every priority of the listener is taken",
    {
      fix: "Delete rules that are not needed any more.",
    },
  );
}

export const priorityTaken = (priority: number, cause: unknown): QuaysideError =>
  new QuaysideError(
    "rule-priority-taken",
    `Rule priority ${priority} cannot be used: another rule of the listener has it`,
    {
      facts: { priority },
      fix: "Choose another priority in behindAlb(…), or leave it out: one is then chosen.",
      cause,
    },
  );
