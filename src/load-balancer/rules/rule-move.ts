import type { Rule } from "@aws-sdk/client-elastic-load-balancing-v2";
import type { AwsContext } from "../../aws/context.js";
import { hasErrorCode } from "../../aws/error-code.js";
import { QuaysideError } from "../../errors.js";
import { rulesOf } from "../elb-pages.js";
import type { ListenerRuleDesired, ListenerRuleState } from "./listener-rule-state.js";
import { isMoving, moveTogether } from "./planned-moves.js";
import { furtherOf, toConditions } from "./rule-conditions.js";
import { isInOrder, rankedRoutes, rulePriority } from "./rule-priority.js";

/** The tag on a rule whose conditions have changed and whose priority does not fit them yet. */
export const MISPLACED_TAG = "quayside:misplaced";

/** How often another priority is chosen if a concurrent run took the first one. */
export const ATTEMPTS = 10;

/**
 * Gives a rule new conditions and, if its priority no longer fits them, another priority. In between, it
 * matches no requests of other rules: a rule that gets broader moves back first, one that gets more specific
 * moves forward afterwards. If the run is interrupted before that, a tag tells the next run.
 */
export async function rerouteAndMove(
  desired: ListenerRuleDesired,
  state: ListenerRuleState,
  reroute: (() => Promise<unknown>) | undefined,
  context: AwsContext,
): Promise<ListenerRuleState> {
  const { elb } = context.aws;
  const wanted = wantedPriority(desired, state, await rulesOf(desired.listenerArn, context));
  if (wanted > state.priority) {
    const moved = await correctPriority(desired, state, context);
    await reroute?.();
    return moved;
  }
  const ResourceArns = [state.arn];
  if (wanted < state.priority && reroute !== undefined)
    await elb.addTags({ ResourceArns, Tags: [{ Key: MISPLACED_TAG, Value: "true" }] });
  await reroute?.();
  const moved = await correctPriority(desired, state, context);
  if (wanted < state.priority || reroute === undefined)
    await elb.removeTags({ ResourceArns, TagKeys: [MISPLACED_TAG] });
  return moved;
}

/** Moves a rule to the priority that the chain sets, together with the other rules that this run moves. */
export async function moveTo(
  desired: ListenerRuleDesired & { readonly priority: number },
  state: ListenerRuleState,
  context: AwsContext,
): Promise<ListenerRuleState> {
  const { priority } = desired;
  const moved = { ...state, priority };
  if (isMoving(state.arn, desired.listenerArn, context) && (await moveTogether(desired.listenerArn, context)))
    return moved;
  try {
    await context.aws.elb.setRulePriorities({ RulePriorities: [{ RuleArn: state.arn, Priority: priority }] });
    return moved;
  } catch (error) {
    throw hasErrorCode(error, "PriorityInUse") ? priorityTaken(desired, error) : error;
  }
}

async function correctPriority(
  desired: ListenerRuleDesired,
  state: ListenerRuleState,
  context: AwsContext,
): Promise<ListenerRuleState> {
  for (let attempt = 1; ; attempt++) {
    const priority = wantedPriority(desired, state, await rulesOf(desired.listenerArn, context));
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

function wantedPriority(
  desired: ListenerRuleDesired,
  { arn, priority }: ListenerRuleState,
  rules: readonly Rule[],
): number {
  const others = rules.filter(({ RuleArn }) => RuleArn !== arn).flatMap(rankedRoutes);
  const { path, host } = desired;
  const route = { path, host, ...furtherOf(toConditions(desired)) };
  return isInOrder({ ...route, priority }, others) ? priority : requirePriority(rulePriority(route, others));
}

export function requirePriority(priority: number | undefined): number {
  if (priority !== undefined) return priority;
  throw new QuaysideError(
    "no-rule-priority",
    "The rule was not created: every priority of the listener is taken",
    {
      fix: "Delete unused rules.",
    },
  );
}

/** The error for a priority that a rule has which the run does not move. */
export const priorityTaken = (
  { priority, action }: Pick<ListenerRuleDesired, "priority" | "action">,
  cause: unknown,
): QuaysideError =>
  new QuaysideError(
    "rule-priority-taken",
    `Rule priority ${priority} cannot be used: another rule of the listener has it`,
    {
      facts: { priority },
      fix: `Choose another priority in ${methodOf(action)}(…), or omit it: quayside then chooses one.`,
      cause,
    },
  );

/** The same, before anything is changed. */
export const plannedPriorityTaken = (
  { priority, action }: Pick<ListenerRuleDesired, "priority" | "action">,
  owner: string | undefined,
): QuaysideError => {
  const whose = owner === undefined ? "a rule that quayside does not manage" : `a rule of ${owner}`;
  return new QuaysideError(
    "rule-priority-taken",
    `Nothing was changed: rule priority ${priority} cannot be used: ${whose} has it`,
    {
      facts: { priority, ...(owner !== undefined && { owner }) },
      fix: `Choose another priority in ${methodOf(action)}(…), or omit it: quayside then chooses one.`,
    },
  );
};

/** The method by which the user describes the rule. */
const methodOf = (action: ListenerRuleDesired["action"]): string =>
  action === undefined ? "behindAlb" : action.type === "redirect" ? "redirect" : "respond";
