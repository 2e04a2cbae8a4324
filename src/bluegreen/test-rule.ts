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
import { releaseError } from "./colors.js";
import type { WeightedRule } from "./release-state.js";

/** The header of test requests; its value is secret. */
const TEST_HEADER = "x-quayside-release";
/** A new rule takes some seconds to reach all nodes of a load balancer. */
const PROPAGATION = 10_000;
const ATTEMPTS = 10;

/** A rule that forwards test requests, and no user's requests, to the new color. */
export interface TestRoute {
  readonly ruleArn: string;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * Creates the test rule on the listener of `rule`, with a higher priority. Its only condition is the header,
 * because a rule has at most five values, which the route's own patterns may need.
 */
export async function openTestRoute(
  rule: WeightedRule,
  targetGroupArn: string,
  owner: string,
  context: AwsContext,
): Promise<TestRoute> {
  const secret = randomBytes(24).toString("hex");
  const headers = { [TEST_HEADER]: secret };
  for (let attempt = 1; ; attempt++) {
    const rules = await rulesOf(rule.listenerArn, context);
    // The rule exists already if the response to its creation was lost.
    const ours = rules.find(({ Conditions }) => Conditions?.some((each) => hasSecret(each, secret)));
    if (ours?.RuleArn !== undefined) return { ruleArn: ours.RuleArn, headers };
    try {
      const { Rules } = await context.aws.elb.createRule({
        ListenerArn: rule.listenerArn,
        Priority: freePriority(rule, rules),
        Conditions: [
          {
            Field: "http-header",
            HttpHeaderConfig: { HttpHeaderName: TEST_HEADER, Values: [secret] },
          },
        ],
        Actions: [{ Type: "forward", TargetGroupArn: targetGroupArn }],
        Tags: toTagList({ [OWNER_TAG]: owner, [KIND_TAG]: TEST_RULE }),
      });
      await context.clock.sleep(PROPAGATION, context.signal);
      return { ruleArn: Rules?.[0]?.RuleArn ?? "", headers };
    } catch (error) {
      if (!hasErrorCode(error, "PriorityInUse") || attempt === ATTEMPTS) throw error;
    }
  }
}

export const closeTestRoute = async (ruleArn: string, context: AwsContext): Promise<unknown> =>
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
  delete: async ({ arn }, context) => void (await closeTestRoute(arn, context)),
  dependsOn: ["listener", "target-group", "load-balancer"],
  deletedWith: isDeletedWithListener,
  findOwned: openTestRoutes,
};

const hasSecret = ({ HttpHeaderConfig }: RuleCondition, secret: string): boolean =>
  HttpHeaderConfig?.Values?.includes(secret) === true;

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
