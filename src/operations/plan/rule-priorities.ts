import type { AwsContext } from "../../aws/context.js";
import { OWNER_TAG } from "../../aws/tags.js";
import { isUnknown } from "../../engine/kind.js";
import type { Observations } from "../../engine/observe.js";
import type { Removal } from "../../engine/removal.js";
import type { Step } from "../../engine/steps.js";
import { elbTags } from "../../load-balancer/elb-tags.js";
import { rulesOf } from "../../load-balancer/elb-pages.js";
import type { ListenerRuleDesired } from "../../load-balancer/rules/listener-rule-state.js";
import { isReleaseRule } from "../../load-balancer/rules/owned-rules.js";
import {
  rememberMoves,
  type DisplacedRule,
  type PlannedMove,
} from "../../load-balancer/rules/planned-moves.js";
import { plannedPriorityTaken } from "../../load-balancer/rules/rule-move.js";
import { isRule, routeOf, ruleArn } from "./rule-order.js";

/** A described rule, and the existing one; `undefined` if the run creates it. */
interface RuleOfRun {
  readonly desired: ListenerRuleDesired;
  readonly arn: string | undefined;
  /** True if the run gives it the priority that its chain sets. */
  readonly takes: boolean;
}

/**
 * Plans how the rules of a run get the priorities that their chains set: which ones move, and which ones leave theirs,
 * because the run deletes them or their chains no longer set one.
 *
 * @throws QuaysideError if a rule that the run does not touch has one of the priorities
 */
export async function planPriorities(
  steps: readonly Step<AwsContext>[],
  observations: Observations<AwsContext>,
  removals: readonly Removal<AwsContext>[],
  context: AwsContext,
): Promise<void> {
  const all = steps.filter(isRule).map((step): RuleOfRun => {
    const desired = observations.get(step.node.id)!.desired as ListenerRuleDesired;
    const isMoved = step.action === "update" && step.change.fields.some(({ path }) => path === "priority");
    const takes = desired.priority !== undefined && (step.action === "create" || isMoved);
    return { desired, arn: ruleArn(step), takes };
  });
  const listeners = new Set(all.flatMap(({ desired, takes }) => (takes ? [desired.listenerArn] : [])));
  for (const listenerArn of listeners) {
    if (isUnknown(listenerArn)) continue;
    const rules = all.filter(({ desired }) => desired.listenerArn === listenerArn);
    await planListener(listenerArn, rules, new Set(removals.map(arnOf)), context);
  }
}

async function planListener(
  listenerArn: string,
  rules: readonly RuleOfRun[],
  deleted: ReadonlySet<string | undefined>,
  context: AwsContext,
): Promise<void> {
  const takers = rules.filter(({ takes }) => takes);
  const moves = takers.flatMap(({ desired: { priority }, arn }): PlannedMove[] =>
    arn === undefined || priority === undefined ? [] : [{ arn, listenerArn, priority }],
  );
  const present = await rulesOf(listenerArn, context);
  const displaced: DisplacedRule[] = [];
  for (const { desired, arn: own } of takers) {
    const priority = desired.priority!;
    const holder = present.find(({ Priority }) => Number(Priority) === priority)?.RuleArn;
    if (holder === undefined || holder === own || moves.some(({ arn }) => arn === holder)) continue;
    const other = rules.find(({ arn }) => arn === holder)?.desired;
    if (deleted.has(holder)) displaced.push({ arn: holder, listenerArn, priority, stays: undefined });
    else if (other !== undefined && other.priority === undefined) {
      const stays = { route: routeOf(other), after: other.after };
      displaced.push({ arn: holder, listenerArn, priority, stays });
    } else await refuse(desired, holder, context);
  }
  const wanted = rules.flatMap(({ desired }) =>
    desired.priority === undefined ? [] : [{ ...routeOf(desired), priority: desired.priority }],
  );
  rememberMoves(listenerArn, { moves, displaced, wanted }, context);
}

/** A rule of a release ends with it. */
async function refuse(desired: ListenerRuleDesired, holder: string, context: AwsContext): Promise<void> {
  const tags = (await elbTags([holder], context)).get(holder) ?? {};
  if (!isReleaseRule(tags)) throw plannedPriorityTaken(desired, tags[OWNER_TAG]);
}

const arnOf = ({ state }: Removal<AwsContext>): string | undefined =>
  (state as { readonly arn?: string } | undefined)?.arn;
