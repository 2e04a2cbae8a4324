import type { Action, TargetGroupStickinessConfig } from "@aws-sdk/client-elastic-load-balancing-v2";
import { inOrder, keptActions } from "./authenticate-action.js";
import type { AwsContext } from "../../aws/context.js";
import { OWNER_TAG } from "../../aws/tags.js";
import { elbTags } from "../elb-tags.js";
import type { ListenerRuleDesired } from "./listener-rule-state.js";

/** A target group's share of a rule's requests: its weight among all weights. */
export interface GroupWeight {
  readonly arn: string;
  readonly weight: number;
}

/** The weight of a target group that gets all requests. */
const ALL = 100;

/**
 * The target groups and weights of a rule's actions. ELB reports a forward to one target group in two ways.
 */
export function weightsOf(actions: readonly Action[]): GroupWeight[] {
  const weights = new Map<string, number>();
  for (const { Type, TargetGroupArn, ForwardConfig } of actions) {
    if (Type !== "forward") continue;
    for (const { TargetGroupArn: arn, Weight = 1 } of ForwardConfig?.TargetGroups ?? []) {
      if (arn !== undefined) weights.set(arn, Weight);
    }
    if (TargetGroupArn !== undefined && !weights.has(TargetGroupArn)) weights.set(TargetGroupArn, 1);
  }
  return [...weights].map(([arn, weight]) => ({ arn, weight }));
}

/**
 * Seconds for which a client stays with one of several target groups. ELB demands it of a rule if one of its target
 * groups is sticky; it is short, because until then a client is not moved when the weights change.
 */
const GROUP_STICKINESS = 60;

/** ELB's setting for a rule over several target groups whose own stickiness lasts so many seconds. */
export const groupStickiness = (seconds: number): TargetGroupStickinessConfig => ({
  Enabled: true,
  DurationSeconds: Math.min(seconds, GROUP_STICKINESS),
});

/**
 * The seconds of a rule's group stickiness; `undefined` if it is off, if the rule has one target group only, or if it
 * lasts longer than quayside's.
 */
export function groupStickinessOf(actions: readonly Action[]): number | undefined {
  const { Enabled, DurationSeconds = 0 } = stickinessOf(actions) ?? {};
  const isOwn = Enabled === true && DurationSeconds <= GROUP_STICKINESS && weightsOf(actions).length > 1;
  return isOwn ? DurationSeconds : undefined;
}

/** True if the group stickiness of a rule is on. */
export const isSticky = (actions: readonly Action[]): boolean => stickinessOf(actions)?.Enabled === true;

const stickinessOf = (actions: readonly Action[]): TargetGroupStickinessConfig | undefined =>
  actions.find(({ Type }) => Type === "forward")?.ForwardConfig?.TargetGroupStickinessConfig;

/**
 * The action that splits the requests by these weights.
 *
 * @param stickiness - for a rule over several target groups. Default: that of the previous action
 */
export function forwardBy(
  weights: readonly GroupWeight[],
  before: readonly Action[] = [],
  stickiness = stickinessOf(before),
): Action {
  const [only] = weights;
  if (weights.length === 1 && stickiness?.Enabled !== true) {
    return { Type: "forward", TargetGroupArn: only!.arn };
  }
  return {
    Type: "forward",
    ForwardConfig: {
      TargetGroups: weights.map(({ arn, weight }) => ({ TargetGroupArn: arn, Weight: weight })),
      ...(stickiness?.Enabled === true && { TargetGroupStickinessConfig: stickiness }),
    },
  };
}

/** The actions that split the requests by these weights, after the sign-in that the rule has before. */
export const actionsBy = (...args: Parameters<typeof forwardBy>): Action[] =>
  inOrder(keptActions(args[1] ?? []), forwardBy(...args));

/** A new rule's action. */
export const forwardTo = ({ targetGroupArn = "", standby = [], stickiness }: ListenerRuleDesired): Action =>
  forwardBy(
    [{ arn: targetGroupArn, weight: ALL }, ...standby.map((arn) => ({ arn, weight: 0 }))],
    [],
    wantedStickiness(stickiness, 1 + standby.length),
  );

/** Only a rule over several target groups has group stickiness. */
const wantedStickiness = (seconds: number | undefined, groups: number): TargetGroupStickinessConfig =>
  seconds === undefined || groups < 2 ? { Enabled: false } : groupStickiness(seconds);

/**
 * The action of a rule that forwards to additional target groups. New ones start with weight 0 as long as
 * another target group of the same owner gets the requests: these move once the new targets are ready. Groups
 * of other owners are removed.
 */
export async function joinedForward(
  ruleArn: string,
  desired: ListenerRuleDesired,
  context: AwsContext,
): Promise<Action> {
  const { Rules } = await context.aws.elb.describeRules({ RuleArns: [ruleArn] });
  const before = Rules?.[0]?.Actions ?? [];
  const weights = await joinedWeights(before, desired, context);
  return weights === undefined
    ? forwardTo(desired)
    : forwardBy(weights, before, restickied(desired, before, weights.length));
}

/**
 * The weights of an action that forwards to additional target groups, which start with 0; `undefined` if no target
 * group of the owner gets anything yet.
 */
export async function joinedWeights(
  before: readonly Action[],
  desired: Pick<ListenerRuleDesired, "targetGroupArn" | "tags"> & {
    readonly standby?: readonly string[] | undefined;
  },
  context: AwsContext,
): Promise<readonly GroupWeight[] | undefined> {
  const present = weightsOf(before);
  const tags = await elbTags(
    present.map(({ arn }) => arn),
    context,
  );
  const own = present.filter(({ arn }) => tags.get(arn)?.[OWNER_TAG] === desired.tags[OWNER_TAG]);
  if (!own.some(({ weight }) => weight > 0)) return undefined;
  const added = [desired.targetGroupArn ?? "", ...(desired.standby ?? [])].filter(
    (arn) => !own.some((group) => group.arn === arn),
  );
  return [...own, ...added.map((arn) => ({ arn, weight: 0 }))];
}

/** Without the target groups of another route that get no requests: the rule has its own for those. */
export function servedBy(forward: Action, { targetGroupArn, standby = [] }: ListenerRuleDesired): Action {
  const isOwn = (arn: string): boolean => arn === targetGroupArn || standby.includes(arn);
  return forwardBy(
    weightsOf([forward]).filter(({ arn, weight }) => weight > 0 || isOwn(arn)),
    [forward],
  );
}

/** The stickiness that the rule needs; a longer one than quayside's is kept. */
function restickied(
  { stickiness }: ListenerRuleDesired,
  before: readonly Action[],
  groups: number,
): TargetGroupStickinessConfig {
  const present = stickinessOf(before);
  const isOthers = present?.Enabled === true && (present.DurationSeconds ?? 0) > GROUP_STICKINESS;
  return isOthers ? present : wantedStickiness(stickiness, groups);
}
