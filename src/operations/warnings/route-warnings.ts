import type { Rule } from "@aws-sdk/client-elastic-load-balancing-v2";
import type { AwsContext } from "../../aws/context.js";
import { OWNER_TAG } from "../../aws/tags.js";
import { isUnknown } from "../../engine/kind.js";
import { statesOfNeeds } from "../../engine/steps.js";
import { rulesOf } from "../../load-balancer/elb-pages.js";
import { elbTags } from "../../load-balancer/elb-tags.js";
import { listenerRuleKind } from "../../load-balancer/listener-rule.js";
import { routeNameOf } from "../../load-balancer/rules/listener-rule-name.js";
import type { ListenerRuleDesired } from "../../load-balancer/rules/listener-rule-state.js";
import { isReleaseRule } from "../../load-balancer/rules/owned-rules.js";
import {
  describeRoute,
  furtherOf,
  routeOf,
  toConditions,
} from "../../load-balancer/rules/rule-conditions.js";
import { overlaps, shadows, type NamedRule } from "../../load-balancer/rules/rule-conflicts.js";
import { rulePriority } from "../../load-balancer/rules/rule-priority.js";
import type { PlannedGraph } from "../plan/plan-graph.js";

interface PlannedRule extends NamedRule {
  /** `undefined` if it does not exist yet. */
  readonly arn: string | undefined;
}

/** The rules that would hide others, or match some of their requests, once the plan is applied. */
export async function routeWarnings(planned: PlannedGraph, context: AwsContext): Promise<string[]> {
  const removed = new Set(
    planned.removals
      .filter(({ kind }) => kind.kind === listenerRuleKind.kind)
      .map(({ state }) => (state as { arn: string }).arn),
  );
  const owners = new Set(planned.graph.nodes.map(({ owner }) => owner));
  const warnings = await Promise.all(
    [...rulesByListener(planned)].map(async ([listener, ours]) => {
      const others = await otherRules(listener, ours, { owners, removed }, context);
      return warningsOf(withPriorities(ours, others), others);
    }),
  );
  return [...new Set(warnings.flat())];
}

type RuleToPlace = Pick<PlannedRule, "name" | "arn" | "path" | "host" | "narrowed" | "further"> & {
  readonly priority: number | undefined;
};

/** Listener (its ARN, or its name if it does not exist yet) -> the rules of the graph on it. */
function rulesByListener({ graph, observations }: PlannedGraph): Map<string, RuleToPlace[]> {
  const states = new Map(
    [...observations].map(([id, { node, observed }]) => [id, observed?.state ?? node.kind.unknown]),
  );
  const rules = new Map<string, RuleToPlace[]>();
  for (const node of graph.nodes) {
    if (node.kind.kind !== listenerRuleKind.kind) continue;
    const desired = node.desired(statesOfNeeds(node, states)) as ListenerRuleDesired;
    const state = observations.get(node.id)?.observed?.state as { arn: string; priority: number } | undefined;
    const listener = isUnknown(desired.listenerArn)
      ? node.name.slice(0, node.name.indexOf("/"))
      : desired.listenerArn;
    const { path, host, priority = state?.priority } = desired;
    const further = furtherOf(toConditions(desired));
    const rule: RuleToPlace = { name: node.name, arn: state?.arn, path, host, ...further, priority };
    rules.set(listener, [...(rules.get(listener) ?? []), rule]);
  }
  return rules;
}

/** The rules that the graph has not, without those that its owners have made for a release. */
async function otherRules(
  listener: string,
  ours: readonly RuleToPlace[],
  {
    owners,
    removed,
  }: { readonly owners: ReadonlySet<string | undefined>; readonly removed: ReadonlySet<string> },
  context: AwsContext,
): Promise<NamedRule[]> {
  if (!listener.startsWith("arn:")) return [];
  const known = new Set(ours.map(({ arn }) => arn));
  const others = (await rulesOf(listener, context)).filter(
    ({ IsDefault, RuleArn = "" }) => IsDefault !== true && !known.has(RuleArn) && !removed.has(RuleArn),
  );
  const tags = await elbTags(
    others.flatMap(({ RuleArn }) => RuleArn ?? []),
    context,
  );
  return others.flatMap((rule) => {
    const own = tags.get(rule.RuleArn ?? "") ?? {};
    return isReleaseRule(own) && owners.has(own[OWNER_TAG]) ? [] : [named(rule, own[OWNER_TAG])];
  });
}

function named({ Priority, Conditions = [] }: Rule, owner: string | undefined): NamedRule {
  const route = routeOf(Conditions);
  const whose = owner === undefined ? "that quayside does not manage" : `of ${owner}`;
  return { ...route, priority: Number(Priority), name: `the rule for ${describeRoute(route)} ${whose}` };
}

/** Gives new rules the priorities that a deploy would give them, one after the other. */
function withPriorities(ours: readonly RuleToPlace[], others: readonly NamedRule[]): NamedRule[] {
  const placed: NamedRule[] = ours.flatMap((rule) =>
    rule.priority === undefined ? [] : [{ ...rule, priority: rule.priority }],
  );
  for (const rule of ours) {
    if (rule.priority !== undefined) continue;
    const priority = rulePriority(rule, [...others, ...placed]);
    if (priority !== undefined) placed.push({ ...rule, priority });
  }
  return placed;
}

function warningsOf(ours: readonly NamedRule[], others: readonly NamedRule[]): string[] {
  return ours.flatMap((rule, index) => {
    // Every pair once: with the rules of others, and with our own ones that follow.
    const candidates = [...others, ...ours.slice(index + 1)].filter(
      (other) => routeNameOf(other.name) !== routeNameOf(rule.name),
    );
    return candidates.flatMap((other) => warningOf(rule, other) ?? []);
  });
}

function warningOf(a: NamedRule, b: NamedRule): string | undefined {
  const [first, second] = a.priority <= b.priority ? [a, b] : [b, a];
  const order = `${title(first)} (priority ${first.priority}) is evaluated before ${title(second)} (priority ${second.priority})`;
  if (shadows(first, second)) return `${order} and matches all of its requests: ${describeRoute(second)}`;
  if (!shadows(second, first) && overlaps(first, second)) {
    return `${order}, and some requests match both: ${describeRoute(first)} and ${describeRoute(second)}`;
  }
  return undefined;
}

const title = ({ name }: NamedRule): string => (name.startsWith("the rule") ? name : `listener-rule ${name}`);
