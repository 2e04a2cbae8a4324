import type { AwsContext } from "../../aws/context.js";
import type { Graph } from "../../engine/graph.js";
import type { FieldChange } from "../../engine/kind.js";
import type { Observation, Observations } from "../../engine/observe.js";
import type { Removal } from "../../engine/removal.js";
import { isForeign, type Step } from "../../engine/steps.js";
import { listenerRuleKind } from "../../load-balancer/listener-rule.js";
import type {
  ListenerRuleDesired,
  ListenerRuleState,
} from "../../load-balancer/rules/listener-rule-state.js";
import {
  furtherOf,
  sameConditions,
  toConditions,
  type Route,
} from "../../load-balancer/rules/rule-conditions.js";
import { overlaps } from "../../load-balancer/rules/rule-conflicts.js";

type Observed = Observation<AwsContext>;

export const isRule = ({ node }: Pick<Observed, "node">): boolean => node.kind.kind === listenerRuleKind.kind;

export const ruleArn = ({ observed }: Pick<Observed, "observed">): string | undefined =>
  (observed?.state as ListenerRuleState | undefined)?.arn;

/**
 * Takes a rule that another owner leaves in this run for none: that one deletes it, or gives it other conditions. A rule
 * of its own is created beside it. Without that, the two owners would change one rule, each as its own.
 */
export function withoutRulesLeft(
  observations: Observations<AwsContext>,
  undescribed: readonly Removal<AwsContext>[],
): Observations<AwsContext> {
  const deleted = new Set(undescribed.map(({ state }) => (state as Partial<ListenerRuleState>).arn));
  const rules = [...observations.values()].filter(isRule);
  const isLeft = (one: Observed): boolean => {
    const arn = ruleArn(one);
    if (arn === undefined || !isForeign(one)) return false;
    const holder = rules.find((other) => other !== one && ruleArn(other) === arn && !isForeign(other));
    return holder === undefined ? deleted.has(arn) : !matchSame(holder, one);
  };
  return new Map(
    [...observations].map(([id, one]) => [
      id,
      isRule(one) && isLeft(one) ? { ...one, observed: undefined } : one,
    ]),
  );
}

const conditionsOf = ({ desired }: Observed) => toConditions(desired as ListenerRuleDesired);

const matchSame = (one: Observed, other: Observed): boolean =>
  sameConditions(conditionsOf(one), conditionsOf(other));

/**
 * Lets a rule leave its requests only when the rules that take them are there: in between, they would have no answer, or
 * that of a wider rule.
 */
export function inRuleOrder(
  steps: readonly Step<AwsContext>[],
  observations: Observations<AwsContext>,
  graph: Graph<AwsContext>,
): readonly Step<AwsContext>[] {
  const rules = steps.filter((step) => isRule(step) && ["create", "update"].includes(step.action));
  const takers = rules.filter(({ action, change }) => action === "create" || change.fields.some(isCondition));
  const after = new Map<string, string[]>();
  const needs = (id: string, needed: string, seen = new Set<string>()): boolean => {
    if (id === needed) return true;
    if (seen.has(id)) return false;
    seen.add(id);
    const all = [...(graph.node(id)?.needs ?? []).map(([, { ref }]) => ref.id), ...(after.get(id) ?? [])];
    return all.some((each) => needs(each, needed, seen));
  };
  for (const { node, action, change, observed } of rules) {
    if (
      action !== "update" ||
      !change.fields.some((field) => isCondition(field) || field.path === "priority")
    )
      continue;
    const left = routeOf(observed!.current as ListenerRuleDesired);
    const isAlsoLeft = change.fields.some(isCondition);
    const { priority } = observed!.state as ListenerRuleState;
    const { listenerArn } = observations.get(node.id)!.desired as ListenerRuleDesired;
    for (const taker of takers) {
      const desired = observations.get(taker.node.id)!.desired as ListenerRuleDesired;
      if (taker.node === node || desired.listenerArn !== listenerArn) continue;
      const takes =
        (isAlsoLeft && overlaps(routeOf(desired), left)) ||
        (taker.action === "create" && desired.priority === priority);
      if (!takes || needs(taker.node.id, node.id)) continue;
      after.set(node.id, [...(after.get(node.id) ?? []), taker.node.id]);
    }
  }
  return steps.map((step) => {
    const before = after.get(step.node.id);
    return before === undefined ? step : { ...step, after: before };
  });
}

const CONDITIONS = ["path", "host", "methods", "headers", "query", "source"];

const isCondition = ({ path }: FieldChange): boolean => CONDITIONS.includes(path.split(".")[0]!);

/** The requests that a described rule matches. */
export const routeOf = (rule: ListenerRuleDesired): Route => ({
  path: rule.path,
  host: rule.host,
  ...furtherOf(toConditions(rule)),
});
