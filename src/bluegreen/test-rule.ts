import type { Rule, RuleCondition } from "@aws-sdk/client-elastic-load-balancing-v2";
import { randomBytes } from "node:crypto";
import type { AwsContext } from "../aws/context.js";
import { hasErrorCode } from "../aws/error-code.js";
import { ignoreNotFound } from "../aws/not-found.js";
import { KIND_TAG, OWNER_TAG, toTagList } from "../aws/tags.js";
import type { Found, Kind, Tagged } from "../engine/kind.js";
import { rulesOf } from "../load-balancer/elb-pages.js";
import type { ListenerRuleState } from "../load-balancer/rules/listener-rule-state.js";
import { allOwnedRules, isTestRule, TEST_RULE } from "../load-balancer/rules/owned-rules.js";
import { releaseError } from "./colors.js";
import type { WeightedRule } from "./release-state.js";

/** The header whose value nobody else knows. */
const TEST_HEADER = "x-quayside-release";
/** A rule reaches all nodes of a load balancer some seconds after the call. */
const SPREAD = 10_000;
const ATTEMPTS = 10;

/** A way to the new color that no user's request takes. */
export interface TestRoute {
  readonly ruleArn: string;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * Opens it on the listener of `rule`, before that rule. By the header alone: a rule holds five values,
 * which the route's own patterns may need.
 */
export async function openTestWay(
  rule: WeightedRule,
  targetGroupArn: string,
  owner: string,
  context: AwsContext,
): Promise<TestRoute> {
  const secret = randomBytes(24).toString("hex");
  const headers = { [TEST_HEADER]: secret };
  for (let attempt = 1; ; attempt++) {
    const rules = await rulesOf(rule.listenerArn, context);
    // A response of ours may have been lost.
    const ours = rules.find(({ Conditions }) => Conditions?.some((each) => asksFor(each, secret)));
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
      await context.clock.sleep(SPREAD, context.signal);
      return { ruleArn: Rules?.[0]?.RuleArn ?? "", headers };
    } catch (error) {
      if (!hasErrorCode(error, "PriorityInUse") || attempt === ATTEMPTS) throw error;
    }
  }
}

export const closeTestWay = async (ruleArn: string, context: AwsContext): Promise<unknown> =>
  ignoreNotFound(context.aws.elb.deleteRule({ RuleArn: ruleArn }));

/** Those that are still there of a run that was cut short. */
const openTestWays = async (
  owner: string,
  context: AwsContext,
): Promise<readonly Found<ListenerRuleState>[]> =>
  (await allOwnedRules(owner, context))
    .filter(({ tags }) => isTestRule(tags))
    .map((found) => ({ ...found, name: `${found.name}:${found.state.priority}` }));

/** Only found and deleted: no chain describes one. */
export const testRuleKind: Kind<Tagged, ListenerRuleState, AwsContext> = {
  kind: TEST_RULE,
  unknown: { arn: "", priority: Number.NaN },
  read: async () => undefined,
  delete: async ({ arn }, context) => void (await closeTestWay(arn, context)),
  dependsOn: ["listener", "target-group", "load-balancer"],
  findOwned: openTestWays,
};

const asksFor = ({ HttpHeaderConfig }: RuleCondition, secret: string): boolean =>
  HttpHeaderConfig?.Values?.includes(secret) === true;

function freePriority(rule: WeightedRule, rules: readonly Rule[]): number {
  const taken = new Set(rules.map(({ Priority }) => Number(Priority)));
  for (let priority = 1; priority < rule.priority; priority++) if (!taken.has(priority)) return priority;
  throw releaseError(
    "color-not-ready",
    `The new version cannot be verified: no priority before ${rule.priority} is free for the rule that leads to it`,
    { fix: "Give the route a higher number: .behindAlb(alb, { priority })." },
  );
}
