import type { Rule } from "@aws-sdk/client-elastic-load-balancing-v2";
import { listenerArn, loadBalancerArn, loadBalancerName } from "../../aws/arn.js";
import type { AwsContext } from "../../aws/context.js";
import { ignoreNotFound } from "../../aws/not-found.js";
import { ownerName } from "../../aws/owner.js";
import { ownedArns } from "../../aws/owned-arns.js";
import { KIND_TAG, OWNER_TAG } from "../../aws/tags.js";
import type { Found, Tags } from "../../engine/kind.js";
import { listenersOf, rulesOf } from "../elb-pages.js";
import { elbTags } from "../elb-tags.js";
import { listenerName } from "../owned-listeners.js";
import { listenerRuleName } from "./listener-rule-name.js";
import type { ListenerRuleState } from "./listener-rule-state.js";

/** The value of the tag `quayside:kind` on a temporary rule, which sends test requests to a new version. */
export const TEST_RULE = "test-rule";

/** The value of the tag on a rule that leads a person to the new version before it gets traffic. */
export const PREVIEW_RULE = "preview-rule";

export const isTestRule = (tags: Tags): boolean => tags[KIND_TAG] === TEST_RULE;

export const isPreviewRule = (tags: Tags): boolean => tags[KIND_TAG] === PREVIEW_RULE;

/** True if the rule is one of a release's, beside the rules that forward the users' requests. */
export const isReleaseRule = (tags: Tags): boolean => isTestRule(tags) || isPreviewRule(tags);

/** The owner's listener rules, without those of a release. */
export const ownedRules = async (
  owner: string,
  context: AwsContext,
): Promise<readonly Found<ListenerRuleState>[]> =>
  (await allOwnedRules(owner, context)).filter(({ tags }) => !isReleaseRule(tags));

/** The owner's listener rules, with those of a release. */
export async function allOwnedRules(
  owner: string,
  context: AwsContext,
): Promise<readonly Found<ListenerRuleState>[]> {
  const owned = await ownedArns(context, owner, "elasticloadbalancing", "listener-rule/app/");
  if (owned.length === 0) return onBalancersOf(owner, context);
  const found = await Promise.all(
    owned.map(async ({ arn, tags }) => {
      // What a run asks of the load balancer in any case.
      const [rules, listeners] = await Promise.all([
        rulesOf(listenerArn(arn), context),
        listenersOf(loadBalancerArn(arn), context),
      ]);
      const listener = listeners.find(({ ListenerArn }) => ListenerArn === listenerArn(arn));
      const name = listenerName(loadBalancerName(arn), listener?.Port ?? 0);
      return rules.filter(({ RuleArn }) => RuleArn === arn).map((each) => foundAs(each, name, owner, tags));
    }),
  );
  return found.flat();
}

/** The load balancers of an owner's target groups; for a load balancer, itself. */
async function balancersOf(owner: string, context: AwsContext): Promise<ReadonlySet<string>> {
  if (ownerName(owner, "load-balancer") !== undefined) {
    const [own, listeners] = await Promise.all(
      ["loadbalancer/app/", "listener/app/"].map((type) =>
        ownedArns(context, owner, "elasticloadbalancing", type),
      ),
    );
    // An endpoint that returns its listeners would return its rules.
    if (own === undefined || listeners!.length > 0) return new Set();
    return new Set(own.map(({ arn }) => arn));
  }
  const groups = await ownedArns(context, owner, "elasticloadbalancing", "targetgroup/");
  const answers = await Promise.all(
    groups.map(({ arn }) => ignoreNotFound(context.aws.elb.describeTargetGroups({ TargetGroupArns: [arn] }))),
  );
  return new Set(
    answers.flatMap((answer) => answer?.TargetGroups ?? []).flatMap((group) => group.LoadBalancerArns ?? []),
  );
}

/** Finds the owner's rules on endpoints whose tagging API does not return rules. */
async function onBalancersOf(owner: string, context: AwsContext): Promise<Found<ListenerRuleState>[]> {
  const balancers = await balancersOf(owner, context);
  const found = await Promise.all(
    [...balancers].map(async (balancer) => {
      const listeners = await listenersOf(balancer, context);
      return Promise.all(
        listeners.map(async ({ ListenerArn = "", Port = 0 }) => {
          const rules = (await rulesOf(ListenerArn, context)).filter(({ IsDefault }) => IsDefault !== true);
          const tags = await elbTags(
            rules.flatMap(({ RuleArn }) => RuleArn ?? []),
            context,
          );
          const name = listenerName(loadBalancerName(balancer), Port);
          return rules
            .map((rule) => foundAs(rule, name, owner, tags.get(rule.RuleArn ?? "") ?? {}))
            .filter((rule) => rule.tags[OWNER_TAG] === owner);
        }),
      );
    }),
  );
  return found.flat(2);
}

const foundAs = (
  { RuleArn = "", Priority }: Rule,
  listener: string,
  owner: string,
  tags: Tags,
): Found<ListenerRuleState> => ({
  name: listenerRuleName(listener, owner, tags),
  state: { arn: RuleArn, priority: Number(Priority) },
  tags,
});
