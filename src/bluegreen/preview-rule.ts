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
import { routeOf, sameConditions } from "../load-balancer/rules/rule-conditions.js";
import type { PreviewSpec } from "../spec/preview.js";
import type { BlueGreenDeployment, Color } from "./colors.js";
import { withRoom } from "./narrowed-conditions.js";
import { groupsOf, type ReleaseState } from "./release-state.js";
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

interface WantedPreview {
  readonly conditions: RuleCondition[];
  readonly targetGroupArn: string;
}

/**
 * Lets a person look at the new color before it gets traffic: rules of each listener forward to it the requests for
 * the preview's host, or with its header. Without a preview in the description, it does nothing.
 */
export async function openPreview(
  { name, blueGreen: { preview } }: BlueGreenDeployment,
  { rules, previews }: ReleaseState,
  color: Color,
  context: AwsContext,
): Promise<void> {
  if (preview === undefined) return;
  for (const listenerArn of new Set(rules.map((rule) => rule.listenerArn))) {
    const own = rules.filter((rule) => rule.listenerArn === listenerArn);
    const wanted = wantedOn(own, preview, color);
    const present = previews.filter((each) => each.listenerArn === listenerArn);
    const asWanted =
      present.length === wanted.length && wanted.every((one) => like(one, present) !== undefined);
    if (asWanted) {
      for (const one of wanted) await update(like(one, present)!, one, context);
      continue;
    }
    // Their order is that of their creation: a route to another container is matched before the main one.
    for (const { arn } of present) await ignoreNotFound(context.aws.elb.deleteRule({ RuleArn: arn }));
    const before = own.reduce((first, rule) => (rule.priority < first.priority ? rule : first));
    for (const one of wanted) await create(before, one, ownerOf.deployment(name), context);
  }
}

const like = ({ conditions }: WantedPreview, present: readonly PreviewRule[]): PreviewRule | undefined =>
  present.find((each) => sameConditions(each.conditions, conditions));

/** The previews on a listener, in the order in which they are evaluated. */
function wantedOn(rules: readonly WeightedRule[], preview: PreviewSpec, color: Color): WantedPreview[] {
  const own = conditionsOf(preview);
  const further = rules.filter(({ isFurther }) => isFurther).sort((a, b) => a.priority - b.priority);
  const main = rules.find(({ isFurther }) => !isFurther)?.groups[color];
  const ofRoutes = further.flatMap(({ conditions, groups }) => {
    const group = groups[color];
    // At a host of its own, routes that have nothing but other hosts cannot be told apart.
    const kept =
      preview.by === "host" ? conditions.filter(({ Field }) => Field !== "host-header") : conditions;
    const { path, narrowed } = routeOf(kept);
    if (group === undefined || (!narrowed && path.every((each) => each === "/*"))) return [];
    return withRoom(kept).map((some) => ({ conditions: [...own, ...some], targetGroupArn: group }));
  });
  return main === undefined ? ofRoutes : [...ofRoutes, { conditions: own, targetGroupArn: main }];
}

async function create(
  before: WeightedRule,
  { conditions, targetGroupArn }: WantedPreview,
  owner: string,
  context: AwsContext,
): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const rules = await rulesOf(before.listenerArn, context);
    // The rule exists already if the response to its creation was lost.
    if (rules.some((each) => sameConditions(each.Conditions ?? [], conditions))) return;
    try {
      await context.aws.elb.createRule({
        ListenerArn: before.listenerArn,
        Priority: freePriority(before, rules, "be previewed: no priority below", "its preview"),
        Conditions: conditions,
        Actions: [{ Type: "forward", TargetGroupArn: targetGroupArn }],
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
  { targetGroupArn: TargetGroupArn }: WantedPreview,
  { aws }: AwsContext,
): Promise<void> {
  if (present.targetGroupArn === TargetGroupArn) return;
  await aws.elb.modifyRule({ RuleArn: present.arn, Actions: [{ Type: "forward", TargetGroupArn }] });
}

/**
 * Deletes the previews of a color that gets all traffic, or is stopped.
 *
 * @returns the state after it
 */
export async function closePreviews(
  state: ReleaseState,
  color: Color,
  { aws }: AwsContext,
): Promise<ReleaseState> {
  const main = state[color].targetGroupArn;
  const groups = main === undefined ? [] : groupsOf(color, main, state.rules);
  const isOpen = ({ targetGroupArn = "" }: PreviewRule): boolean => !groups.includes(targetGroupArn);
  for (const preview of state.previews)
    if (!isOpen(preview)) await ignoreNotFound(aws.elb.deleteRule({ RuleArn: preview.arn }));
  return { ...state, previews: state.previews.filter(isOpen) };
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
