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
import { describeRoute, routeOf, type Route } from "../../load-balancer/rules/rule-conditions.js";
import { overlaps, shadows, type NamedRule } from "../../load-balancer/rules/rule-conflicts.js";
import { rulePriority } from "../../load-balancer/rules/rule-priority.js";
import type { PlannedGraph } from "../plan/plan-graph.js";

interface PlannedRule extends NamedRule {
  /** `undefined` while it is not there. */
  readonly arn: string | undefined;
}

/** Which rules would hide others, or share requests with them, once the plan is carried out. */
export async function routeWarnings(prepared: PlannedGraph, context: AwsContext): Promise<string[]> {
  const planned = rulesByListener(prepared);
  const leaving = new Set(
    prepared.leftovers
      .filter(({ kind }) => kind.kind === listenerRuleKind.kind)
      .map(({ state }) => (state as { arn: string }).arn),
  );
  const warnings = await Promise.all(
    [...planned].map(async ([listener, ours]) => {
      const theirs = await otherRules(listener, ours, leaving, context);
      return warningsOf(withPriorities(ours, theirs), theirs);
    }),
  );
  return [...new Set(warnings.flat())];
}

type Wanted = Pick<PlannedRule, "name" | "arn" | "path" | "host" | "narrowed"> & {
  readonly priority: number | undefined;
};

/** Listener (its ARN, or its name while it is not there) -> the rules that the graph describes on it. */
function rulesByListener({ graph, observations }: PlannedGraph): Map<string, Wanted[]> {
  const states = new Map(
    [...observations].map(([id, { node, observed }]) => [id, observed?.state ?? node.kind.unknown]),
  );
  const rules = new Map<string, Wanted[]>();
  for (const node of graph.nodes) {
    if (node.kind.kind !== listenerRuleKind.kind) continue;
    const desired = node.desired(statesOfNeeds(node, states)) as ListenerRuleDesired;
    const state = observations.get(node.id)?.observed?.state as { arn: string; priority: number } | undefined;
    const listener = isUnknown(desired.listenerArn)
      ? node.name.slice(0, node.name.indexOf("/"))
      : desired.listenerArn;
    const { path, host, priority = state?.priority } = desired;
    const rule: Wanted = { name: node.name, arn: state?.arn, path, host, narrowed: false, priority };
    rules.set(listener, [...(rules.get(listener) ?? []), rule]);
  }
  return rules;
}

async function otherRules(
  listener: string,
  ours: readonly Wanted[],
  leaving: ReadonlySet<string>,
  context: AwsContext,
): Promise<NamedRule[]> {
  if (!listener.startsWith("arn:")) return [];
  const known = new Set(ours.map(({ arn }) => arn));
  const others = (await rulesOf(listener, context)).filter(
    ({ IsDefault, RuleArn = "" }) => IsDefault !== true && !known.has(RuleArn) && !leaving.has(RuleArn),
  );
  const tags = await elbTags(
    others.flatMap(({ RuleArn }) => RuleArn ?? []),
    context,
  );
  return others.map((rule) => named(rule, tags.get(rule.RuleArn ?? "")?.[OWNER_TAG]));
}

function named({ Priority, Conditions = [] }: Rule, owner: string | undefined): NamedRule {
  const route = routeOf(Conditions);
  const whose = owner === undefined ? "that quayside did not make" : `of ${owner}`;
  return { ...route, priority: Number(Priority), name: `the rule for ${describeRoute(route)} ${whose}` };
}

/** New rules get the priorities that they would get now, one after the other. */
function withPriorities(ours: readonly Wanted[], theirs: readonly NamedRule[]): NamedRule[] {
  const placed: NamedRule[] = ours.flatMap((rule) =>
    rule.priority === undefined ? [] : [{ ...rule, priority: rule.priority }],
  );
  for (const rule of ours) {
    if (rule.priority !== undefined) continue;
    const priority = rulePriority(rule, [...theirs, ...placed]);
    if (priority !== undefined) placed.push({ ...rule, priority });
  }
  return placed;
}

function warningsOf(ours: readonly NamedRule[], theirs: readonly NamedRule[]): string[] {
  return ours.flatMap((rule, index) => {
    // Every pair once: with everybody else's, and with those of ours that come later.
    const others = [...theirs, ...ours.slice(index + 1)].filter(
      (other) => routeNameOf(other.name) !== routeNameOf(rule.name),
    );
    return others.flatMap((other) => warningOf(rule, other) ?? []);
  });
}

function warningOf(a: NamedRule, b: NamedRule): string | undefined {
  const [first, second] = a.priority <= b.priority ? [a, b] : [b, a];
  const where = `${title(first)} (priority ${first.priority}) is asked before ${title(second)} (priority ${second.priority})`;
  if (shadows(first, second)) return `${where} and takes all of its requests: ${sentence(second)}`;
  if (!shadows(second, first) && overlaps(first, second)) {
    return `${where}, and some requests fit both: ${sentence(first)} and ${sentence(second)}`;
  }
  return undefined;
}

const title = ({ name }: NamedRule): string => (name.startsWith("the rule") ? name : `listener-rule ${name}`);
const sentence = (route: Route): string => describeRoute(route);
