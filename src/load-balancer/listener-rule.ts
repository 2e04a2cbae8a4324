import type { Action, Rule } from "@aws-sdk/client-elastic-load-balancing-v2";
import { changedTags } from "../aws/changed-tags.js";
import type { AwsContext } from "../aws/context.js";
import { hasErrorCode } from "../aws/error-code.js";
import { ignoreNotFound } from "../aws/not-found.js";
import { ownerOf } from "../aws/owner.js";
import { OWNER_TAG, toTagList } from "../aws/tags.js";
import { ADOPTED_TAG } from "../engine/ownership.js";
import { hasChanges, sortLike } from "../engine/diff.js";
import { isUnknown, UNKNOWN, type Kind, type Tags } from "../engine/kind.js";
import { isDeletedWithListener } from "./deleted-with.js";
import { rulesOf } from "./elb-pages.js";
import { answerAction, presentAnswer } from "./rules/answer-action.js";
import { authenticateAction, inOrder, presentAuthenticate } from "./rules/authenticate-action.js";
import { findRule, findRules } from "./rules/find-rule.js";
import { ListenerPriorities } from "./rules/listener-priorities.js";
import { FURTHER_ROUTE, loadBalancerOf, PART_TAG } from "./rules/listener-rule-name.js";
import type { ListenerRuleDesired, ListenerRuleState } from "./rules/listener-rule-state.js";
import { ownedRules } from "./rules/owned-rules.js";
import { isLeaving, takePriority } from "./rules/planned-moves.js";
import { conditionsLike, furtherOf, routeOf, toConditions } from "./rules/rule-conditions.js";
import {
  ATTEMPTS,
  MISPLACED_TAG,
  moveTo,
  priorityTaken,
  requirePriority,
  rerouteAndMove,
} from "./rules/rule-move.js";
import {
  forwardTo,
  groupStickiness,
  groupStickinessOf,
  joinedForward,
  servedBy,
  weightsOf,
} from "./rules/rule-weights.js";

/** The tag that names the parameter with the secret of an OIDC client, and its version. */
export const SECRET_TAG = "quayside:client-secret";

export const listenerRuleKind: Kind<ListenerRuleDesired, ListenerRuleState, AwsContext> = {
  kind: "listener-rule",
  unknown: { arn: UNKNOWN, priority: Number.NaN },

  async read(desired, context) {
    if (isUnknown(desired.listenerArn)) return undefined;
    const found = await findRule(desired, await rulesOf(desired.listenerArn, context), context);
    if (found === undefined) return undefined;
    const route = routeOf(found.rule.Conditions ?? []);
    const targets = targetGroupsOf(found.rule.Actions ?? []);
    const state = stateOf(found.rule);
    const sticky = groupStickinessOf(found.rule.Actions ?? []);
    return {
      state,
      current: {
        listenerArn: desired.listenerArn,
        path: sortLike(desired.path, route.path),
        host: sortLike(desired.host, route.host),
        authenticate: presentAuthenticate(found.rule.Actions ?? [], desired.authenticate),
        ...conditionsLike(desired, found.rule.Conditions ?? []),
        // Only a new rule needs it.
        ...(desired.servedByMain && { servedByMain: true }),
        action: presentAnswer(found.rule.Actions ?? []),
        targetGroupArn: targets.includes(desired.targetGroupArn ?? "") ? desired.targetGroupArn : targets[0],
        ...(desired.standby !== undefined && {
          standby: desired.standby.filter((arn) => targets.includes(arn)),
        }),
        // A rule with one target group needs no stickiness of its own.
        ...(targets.length > 1 && {
          stickiness:
            sticky === undefined || desired.stickiness === undefined
              ? sticky
              : sticky === groupStickiness(desired.stickiness).DurationSeconds
                ? desired.stickiness
                : sticky,
        }),
        // The priority of a correctly placed rule is not compared.
        ...((desired.priority !== undefined || isMisplaced(desired, found.tags)) && {
          priority: state.priority,
        }),
      },
      tags: found.tags,
    };
  },

  async create(desired, context) {
    const priorities = await ListenerPriorities.of(desired.listenerArn, context);
    let isBeside = false;
    const atItsPriority = async (state: ListenerRuleState): Promise<ListenerRuleState> => {
      const { priority, listenerArn } = desired;
      if (!isBeside || priority === undefined || state.priority === priority) return state;
      await takePriority(state.arn, priority, listenerArn, context);
      return { ...state, priority };
    };
    for (let attempt = 1; ; attempt++) {
      const route = { ...desired, ...furtherOf(toConditions(desired)) };
      if (desired.priority !== undefined) {
        const holder = priorities.at(desired.priority);
        isBeside = isLeaving(holder, desired.listenerArn, context);
      }
      try {
        const { Rules } = await context.aws.elb.createRule({
          ListenerArn: desired.listenerArn,
          Priority:
            desired.priority === undefined
              ? requirePriority(priorities.reserve(route, desired.after))
              : isBeside
                ? requirePriority(priorities.besideOf(route, desired.priority))
                : desired.priority,
          Conditions: toConditions(desired),
          Actions: inOrder(
            await authenticateAction(desired.authenticate, context),
            await firstAction(desired, priorities.rules, context),
          ),
          ...(Object.keys(desired.tags).length > 0 && { Tags: toTagList(desired.tags) }),
        });
        return await atItsPriority(stateOf(Rules?.[0] ?? {}));
      } catch (error) {
        if (!hasErrorCode(error, "PriorityInUse")) throw error;
        // Either another run was quicker, or this run created the rule and the response was lost.
        const now = await priorities.refresh();
        const own = await findRule(desired, now, context);
        if (own !== undefined && own.tags[OWNER_TAG] === desired.tags[OWNER_TAG]) {
          // It may be beside its priority, which another rule of the run leaves.
          isBeside = true;
          return atItsPriority(stateOf(own.rule));
        }
        if (desired.priority !== undefined) {
          const holder = priorities.at(desired.priority);
          if (holder !== undefined && !isLeaving(holder, desired.listenerArn, context))
            throw priorityTaken(desired, error);
        }
        if (attempt === ATTEMPTS) throw error;
      }
    }
  },

  async update(desired, { state, tags: present }, changes, context) {
    const { elb } = context.aws;
    const rerouted = hasChanges(changes, "path", "host", "methods", "headers", "query", "source");
    const tags = changedTags(desired, changes);
    const retargeted =
      hasChanges(changes, "targetGroupArn", "standby", "stickiness", "authenticate", "action") ||
      tags?.[SECRET_TAG] !== undefined;
    const change = async () =>
      elb.modifyRule({
        RuleArn: state.arn,
        ...(rerouted && { Conditions: toConditions(desired) }),
        ...(retargeted && {
          Actions: inOrder(
            await authenticateAction(desired.authenticate, context),
            desired.action ? answerAction(desired.action) : await joinedForward(state.arn, desired, context),
          ),
        }),
      });
    // What was there before quayside had the described conditions: these are of a rule that another owner has lost.
    if (rerouted && ADOPTED_TAG in present && PART_TAG in desired.tags)
      await elb.removeTags({ ResourceArns: [state.arn], TagKeys: [ADOPTED_TAG] });
    if (tags !== undefined) await elb.addTags({ ResourceArns: [state.arn], Tags: toTagList(tags) });
    if (choosesPriority(desired) && (rerouted || hasChanges(changes, "priority"))) {
      return rerouteAndMove(desired, state, rerouted || retargeted ? change : undefined, context);
    }
    if (rerouted || retargeted) await change();
    const isMoved = hasChanges(changes, "priority") && desired.priority !== undefined;
    return isMoved ? moveTo({ ...desired, priority: desired.priority! }, state, context) : state;
  },

  async delete({ arn }, context) {
    await ignoreNotFound(context.aws.elb.deleteRule({ RuleArn: arn }));
  },

  identity: ({ arn }) => arn,
  // The other owner would lose its requests, and would take the rule back.
  isAdoptable: (tags) => tags[OWNER_TAG] === undefined,
  foreignFix: (_, owner) =>
    owner === undefined
      ? "Choose other conditions in the chain, or pass { adopt: true } to use the existing rule."
      : `Choose other conditions in the chain. Or remove these from ${owner} first: deploy it with others, or destroy it. { adopt: true } does not take the rule of another owner.`,
  immutable: ["listenerArn"],
  // The certificate of its domain is deleted after it: whoever leaves the listener last has no rule there any more.
  dependsOn: ["listener", "target-group", "load-balancer", "requested-certificate"],
  deletedWith: isDeletedWithListener,
  findOwned: ownedRules,
  parentOwners: ({ name }) => [ownerOf.loadBalancer(loadBalancerOf(name))],
};

const choosesPriority = ({ priority, after }: ListenerRuleDesired): boolean =>
  priority === undefined && after === undefined;

const isMisplaced = (desired: ListenerRuleDesired, tags: Tags): boolean =>
  choosesPriority(desired) && MISPLACED_TAG in tags;

/** The action of a new rule; one that joins other rules of its route forwards as they do. */
async function firstAction(
  desired: ListenerRuleDesired,
  there: readonly Rule[],
  context: AwsContext,
): Promise<Action> {
  if (desired.action !== undefined) return answerAction(desired.action);
  const isFurther = desired.tags[PART_TAG]?.startsWith(FURTHER_ROUTE) === true;
  if (isFurther && desired.servedByMain !== true) return forwardTo(desired);
  if (!there.some(({ Actions = [] }) => weightsOf(Actions).length > 0)) return forwardTo(desired);
  const {
    rules: [other],
  } = await findRules(desired.tags[OWNER_TAG] ?? "", there, context);
  if (other?.RuleArn === undefined) return forwardTo(desired);
  const joined = await joinedForward(other.RuleArn, desired, context);
  return isFurther ? servedBy(joined, desired) : joined;
}

export const targetGroupsOf = (actions: readonly Action[]): string[] =>
  weightsOf(actions).map(({ arn }) => arn);

const stateOf = ({ RuleArn = "", Priority }: Rule): ListenerRuleState => ({
  arn: RuleArn,
  priority: Number(Priority),
});
