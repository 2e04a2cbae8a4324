import type { Rule, RuleCondition } from "@aws-sdk/client-elastic-load-balancing-v2";
import { randomBytes } from "node:crypto";
import type { AwsContext } from "../aws/context.js";
import { hasErrorCode } from "../aws/error-code.js";
import { ignoreNotFound } from "../aws/not-found.js";
import { KIND_TAG, OWNER_TAG, toTagList } from "../aws/tags.js";
import type { Found, Kind, Tagged } from "../engine/kind.js";
import { isDeletedWithListener } from "../load-balancer/deleted-with.js";
import { rulesOf } from "../load-balancer/elb-pages.js";
import { releaseRuleName } from "../load-balancer/rules/listener-rule-name.js";
import type { ListenerRuleState } from "../load-balancer/rules/listener-rule-state.js";
import { allOwnedRules, isTestRule, TEST_RULE } from "../load-balancer/rules/owned-rules.js";
import { sameConditions } from "../load-balancer/rules/rule-conditions.js";
import { releaseError, type Color } from "./colors.js";
import { withRoom } from "./narrowed-conditions.js";
import type { WeightedRule } from "./weighted-rule.js";

/** The header of test requests; its value is secret. */
const TEST_HEADER = "x-quayside-release";
/** A new rule takes some seconds to reach all nodes of a load balancer. */
const PROPAGATION = 10_000;
const ATTEMPTS = 10;

/** The rules that forward test requests, and no user's requests, to the new color. */
export interface TestRoute {
  readonly ruleArns: readonly string[];
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * Creates the test rules on the listeners of the main route, with priorities before those of its rules there: one for each route to another
 * container or port, and then the one of the main route, whose only condition is the header, because a rule has at most
 * five values, which the route's own patterns may need.
 */
export async function openTestRoute(
  rules: readonly WeightedRule[],
  color: Color,
  owner: string,
  context: AwsContext,
): Promise<TestRoute> {
  const secret = randomBytes(24).toString("hex");
  const header = {
    Field: "http-header",
    HttpHeaderConfig: { HttpHeaderName: TEST_HEADER, Values: [secret] },
  };
  const ruleArns: string[] = [];
  // The URL of the deployment is that of one of them; a target group is of one load balancer.
  const listeners = new Set(rules.filter(({ isFurther }) => !isFurther).map((rule) => rule.listenerArn));
  for (const listenerArn of listeners) {
    const there = rules.filter((rule) => rule.listenerArn === listenerArn);
    const main = there.find(({ isFurther }) => !isFurther)!;
    const further = there.filter(({ isFurther }) => isFurther).sort((a, b) => a.priority - b.priority);
    const before = there.reduce((first, rule) => (rule.priority < first.priority ? rule : first));
    for (const rule of [...further, main]) {
      const group = rule.groups[color];
      if (group === undefined) continue;
      const own = rule.isFurther ? withRoom(rule.conditions) : [[]];
      for (const conditions of own) {
        const rule = { Conditions: [header, ...conditions], targetGroupArn: group, owner };
        ruleArns.push(await createTestRule(before, rule, context));
      }
    }
  }
  await context.clock.sleep(PROPAGATION, context.signal);
  return { ruleArns, headers: { [TEST_HEADER]: secret } };
}

async function createTestRule(
  before: WeightedRule,
  {
    Conditions,
    targetGroupArn,
    owner,
  }: { readonly Conditions: RuleCondition[]; readonly targetGroupArn: string; readonly owner: string },
  context: AwsContext,
): Promise<string> {
  for (let attempt = 1; ; attempt++) {
    const rules = await rulesOf(before.listenerArn, context);
    // The rule exists already if the response to its creation was lost.
    const ours = rules.find((rule) => sameConditions(rule.Conditions ?? [], Conditions));
    if (ours?.RuleArn !== undefined) return ours.RuleArn;
    try {
      const { Rules } = await context.aws.elb.createRule({
        ListenerArn: before.listenerArn,
        Priority: freePriority(before, rules),
        Conditions,
        Actions: [{ Type: "forward", TargetGroupArn: targetGroupArn }],
        Tags: toTagList({ [OWNER_TAG]: owner, [KIND_TAG]: TEST_RULE }),
      });
      return Rules?.[0]?.RuleArn ?? "";
    } catch (error) {
      if (!hasErrorCode(error, "PriorityInUse") || attempt === ATTEMPTS) throw error;
    }
  }
}

/** Closes as many rules as it can, and reports the first error. */
export async function closeTestRoute({ ruleArns }: TestRoute, context: AwsContext): Promise<void> {
  const closed = await Promise.allSettled(ruleArns.map((arn) => closeTestRule(arn, context)));
  const failed = closed.find((each) => each.status === "rejected");
  if (failed !== undefined) throw failed.reason;
}

const closeTestRule = async (ruleArn: string, context: AwsContext): Promise<unknown> =>
  ignoreNotFound(context.aws.elb.deleteRule({ RuleArn: ruleArn }));

/** The test rules that interrupted runs have left. */
const openTestRoutes = async (
  owner: string,
  context: AwsContext,
): Promise<readonly Found<ListenerRuleState>[]> =>
  (await allOwnedRules(owner, context))
    .filter(({ tags }) => isTestRule(tags))
    .map((found) => ({ ...found, name: releaseRuleName(found.name, found.state.priority) }));

/** No chain describes a test rule: they are only found and deleted. */
export const testRuleKind: Kind<Tagged, ListenerRuleState, AwsContext> = {
  kind: TEST_RULE,
  unknown: { arn: "", priority: Number.NaN },
  read: async () => undefined,
  delete: async ({ arn }, context) => void (await closeTestRule(arn, context)),
  // The certificate of its domain is deleted after it: whoever leaves the listener last has no rule there any more.
  dependsOn: ["listener", "target-group", "load-balancer", "requested-certificate"],
  deletedWith: isDeletedWithListener,
  findOwned: openTestRoutes,
};

/** The first priority that is evaluated before the rule, and that no other rule has. */
export function freePriority(
  rule: WeightedRule,
  rules: readonly Rule[],
  what = "be verified: no priority below",
  of = "its test rule",
): number {
  const taken = new Set(rules.map(({ Priority }) => Number(Priority)));
  for (let priority = 1; priority < rule.priority; priority++) if (!taken.has(priority)) return priority;
  throw releaseError("color-not-ready", `The new version cannot ${what} ${rule.priority} is free for ${of}`, {
    fix: "Increase the priority of the route: .behindAlb(alb, { priority }).",
  });
}
