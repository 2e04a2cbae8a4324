import type { RuleCondition } from "@aws-sdk/client-elastic-load-balancing-v2";
import type { AwsContext } from "../aws/context.js";
import { hasErrorCode } from "../aws/error-code.js";
import { ignoreNotFound } from "../aws/not-found.js";
import { ownerOf } from "../aws/owner.js";
import { KIND_TAG, OWNER_TAG, toTagList } from "../aws/tags.js";
import type { Found, Kind, Tagged } from "../engine/kind.js";
import { isDeletedWithListener } from "../load-balancer/deleted-with.js";
import { rulesOf } from "../load-balancer/elb-pages.js";
import type { ListenerRuleState } from "../load-balancer/rules/listener-rule-state.js";
import { allOwnedRules, isPreviewRule, PREVIEW_RULE } from "../load-balancer/rules/owned-rules.js";
import { releaseRuleName } from "../load-balancer/rules/listener-rule-name.js";
import { sameConditions } from "../load-balancer/rules/rule-conditions.js";
import type { PreviewSpec } from "../spec/preview.js";
import type { BlueGreenDeployment } from "./colors.js";
import type { ReleaseState } from "./release-state.js";
import type { PreviewRule, WeightedRule } from "./weighted-rule.js";
import { freePriority } from "./test-rule.js";

const ATTEMPTS = 10;

const conditionsOf = (preview: PreviewSpec): RuleCondition[] => [
  preview.by === "host"
    ? { Field: "host-header", HostHeaderConfig: { Values: [preview.host] } }
    : {
        Field: "http-header",
        HttpHeaderConfig: { HttpHeaderName: preview.header, Values: [preview.value] },
      },
];

/**
 * Lets a person look at the new color before it gets traffic: a rule of each listener forwards to it the requests for
 * the preview's host, or with its header. Without a preview in the description, it does nothing.
 */
export async function openPreview(
  { name, blueGreen: { preview } }: BlueGreenDeployment,
  { rules, previews }: ReleaseState,
  targetGroupArn: string,
  context: AwsContext,
): Promise<void> {
  if (preview === undefined) return;
  const conditions = conditionsOf(preview);
  const first = new Map<string, WeightedRule>();
  for (const rule of rules) {
    const known = first.get(rule.listenerArn);
    if (known === undefined || rule.priority < known.priority) first.set(rule.listenerArn, rule);
  }
  for (const rule of first.values()) {
    const present = previews.find(({ listenerArn }) => listenerArn === rule.listenerArn);
    if (present === undefined)
      await create(rule, conditions, targetGroupArn, ownerOf.deployment(name), context);
    else await update(present, conditions, targetGroupArn, context);
  }
}

async function create(
  rule: WeightedRule,
  Conditions: RuleCondition[],
  TargetGroupArn: string,
  owner: string,
  context: AwsContext,
): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const rules = await rulesOf(rule.listenerArn, context);
    // The rule exists already if the response to its creation was lost.
    if (rules.some((each) => sameConditions(each.Conditions ?? [], Conditions))) return;
    try {
      await context.aws.elb.createRule({
        ListenerArn: rule.listenerArn,
        Priority: freePriority(rule, rules, "be previewed: no priority below", "its preview"),
        Conditions,
        Actions: [{ Type: "forward", TargetGroupArn }],
        Tags: toTagList({ [OWNER_TAG]: owner, [KIND_TAG]: PREVIEW_RULE }),
      });
      return;
    } catch (error) {
      if (!hasErrorCode(error, "PriorityInUse") || attempt === ATTEMPTS) throw error;
    }
  }
}

async function update(
  present: PreviewRule,
  Conditions: RuleCondition[],
  TargetGroupArn: string,
  { aws }: AwsContext,
): Promise<void> {
  if (present.targetGroupArn === TargetGroupArn && sameConditions(present.conditions, Conditions)) return;
  await aws.elb.modifyRule({
    RuleArn: present.arn,
    Conditions,
    Actions: [{ Type: "forward", TargetGroupArn }],
  });
}

/**
 * Deletes the previews of a color that gets all traffic, or is stopped.
 *
 * @returns the state after it
 */
export async function closePreviews(
  state: ReleaseState,
  targetGroupArn: string | undefined,
  { aws }: AwsContext,
): Promise<ReleaseState> {
  const closed = state.previews.filter((preview) => preview.targetGroupArn === targetGroupArn);
  for (const { arn } of closed) await ignoreNotFound(aws.elb.deleteRule({ RuleArn: arn }));
  return { ...state, previews: state.previews.filter((preview) => !closed.includes(preview)) };
}

/** A run of a release opens and closes a preview; without a description that has one, it is deleted. */
export const previewRuleKind: Kind<Tagged, ListenerRuleState, AwsContext> = {
  kind: PREVIEW_RULE,
  unknown: { arn: "", priority: Number.NaN },
  read: async () => undefined,
  delete: async ({ arn }, context) =>
    void (await ignoreNotFound(context.aws.elb.deleteRule({ RuleArn: arn }))),
  dependsOn: ["listener", "target-group", "load-balancer"],
  deletedWith: isDeletedWithListener,
  findOwned: async (owner, context): Promise<readonly Found<ListenerRuleState>[]> =>
    (await allOwnedRules(owner, context))
      .filter(({ tags }) => isPreviewRule(tags))
      .map((found) => ({ ...found, name: releaseRuleName(found.name, found.state.priority) })),
};
