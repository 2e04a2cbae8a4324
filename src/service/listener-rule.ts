import type { Action, Rule } from "@aws-sdk/client-elastic-load-balancing-v2";
import type { AwsContext } from "../aws/context.js";
import { isCode } from "../aws/error-code.js";
import { unlessGone } from "../aws/gone.js";
import { OWNER_TAG, toTagList } from "../aws/tags.js";
import { isUnknown, UNKNOWN, type Kind, type Tagged } from "../engine/kind.js";
import { QuaysideError } from "../errors.js";
import { changedTags } from "./changed-tags.js";
import { rulesOf } from "./elb-pages.js";
import { findRule } from "./find-rule.js";
import { loadBalancerOf } from "./listener-rule-name.js";
import { forwardTo, joinedForward, weightsOf } from "./rule-weights.js";
import { inOrderOf } from "../engine/in-order-of.js";
import { ownedRules } from "./owned-rules.js";
import { routeOf, toConditions } from "./rule-conditions.js";
import { ranked, RulePlaces } from "./rule-places.js";
import { isWellPlaced, rulePriority } from "./rule-priority.js";
import { touches } from "../engine/touches.js";

export interface ListenerRuleDesired extends Tagged {
  readonly listenerArn: string;
  /** Path patterns; empty: any path. */
  readonly path: readonly string[];
  /** Host patterns; empty: any host. */
  readonly host: readonly string[];
  /** The rule may forward to others as well, by weight: that is left alone as long as this is among them. */
  readonly targetGroupArn: string;
  /** Others that it shall forward to, at first with weight 0. Weights are never set again. */
  readonly standby?: readonly string[];
  /** `undefined`: chosen by how specific the rule is, and then kept. */
  readonly priority: number | undefined;
}

export interface ListenerRuleState {
  readonly arn: string;
  readonly priority: number;
}

/** How often another priority is chosen when somebody else was quicker. */
const ATTEMPTS = 10;

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
    return {
      state,
      current: {
        listenerArn: desired.listenerArn,
        path: inOrderOf(desired.path, route.path),
        host: inOrderOf(desired.host, route.host),
        targetGroupArn: targets.includes(desired.targetGroupArn) ? desired.targetGroupArn : targets[0],
        ...(desired.standby !== undefined && {
          standby: desired.standby.filter((arn) => targets.includes(arn)),
        }),
        ...(desired.priority !== undefined && { priority: state.priority }),
      },
      tags: found.tags,
    };
  },

  async create(desired, context) {
    const places = await RulePlaces.of(desired.listenerArn, context);
    for (let attempt = 1; ; attempt++) {
      try {
        const { Rules } = await context.aws.elb.createRule({
          ListenerArn: desired.listenerArn,
          Priority: desired.priority ?? placed(places.reserve({ ...desired, narrowed: false })),
          Conditions: toConditions(desired),
          Actions: [forwardTo(desired)],
          ...(Object.keys(desired.tags).length > 0 && { Tags: toTagList(desired.tags) }),
        });
        return stateOf(Rules?.[0] ?? {});
      } catch (error) {
        if (!isCode(error, "PriorityInUse")) throw error;
        // Either somebody was quicker, or it was we, and the response was lost.
        const now = await places.look();
        const ours = await findRule(desired, now, context);
        if (ours !== undefined && ours.tags[OWNER_TAG] === desired.tags[OWNER_TAG]) return stateOf(ours.rule);
        if (desired.priority !== undefined) throw priorityTaken(desired.priority, error);
        if (attempt === ATTEMPTS) throw error;
      }
    }
  },

  async update(desired, { state }, changes, context) {
    const { elb } = context.aws;
    const rerouted = touches(changes, "path") || touches(changes, "host");
    const retargeted = touches(changes, "targetGroupArn") || touches(changes, "standby");
    if (rerouted || retargeted) {
      await elb.modifyRule({
        RuleArn: state.arn,
        ...(rerouted && { Conditions: toConditions(desired) }),
        ...(retargeted && { Actions: [await joinedForward(state.arn, desired, context)] }),
      });
    }
    const tags = changedTags(desired, changes);
    if (tags !== undefined) await elb.addTags({ ResourceArns: [state.arn], Tags: toTagList(tags) });
    if (touches(changes, "priority") && desired.priority !== undefined) {
      return move(state, desired.priority, context);
    }
    return rerouted && desired.priority === undefined ? movedToItsPlace(desired, state, context) : state;
  },

  async delete({ arn }, context) {
    await unlessGone(context.aws.elb.deleteRule({ RuleArn: arn }));
  },

  immutable: ["listenerArn"],
  dependsOn: ["listener", "target-group", "load-balancer"],
  findOwned: ownedRules,
  within: ({ name }) => [`load-balancer/${loadBalancerOf(name)}`],
};

async function movedToItsPlace(
  desired: ListenerRuleDesired,
  state: ListenerRuleState,
  context: AwsContext,
): Promise<ListenerRuleState> {
  const { path, host } = desired;
  for (let attempt = 1; ; attempt++) {
    const rules = await rulesOf(desired.listenerArn, context);
    const others = rules.filter(({ RuleArn }) => RuleArn !== state.arn).flatMap(ranked);
    if (isWellPlaced({ path, host, narrowed: false, priority: state.priority }, others)) return state;
    const priority = placed(rulePriority({ path, host, narrowed: false }, others));
    try {
      await context.aws.elb.setRulePriorities({
        RulePriorities: [{ RuleArn: state.arn, Priority: priority }],
      });
      return { ...state, priority };
    } catch (error) {
      if (!isCode(error, "PriorityInUse") || attempt === ATTEMPTS) throw error;
    }
  }
}

async function move(
  state: ListenerRuleState,
  priority: number,
  context: AwsContext,
): Promise<ListenerRuleState> {
  try {
    await context.aws.elb.setRulePriorities({ RulePriorities: [{ RuleArn: state.arn, Priority: priority }] });
    return { ...state, priority };
  } catch (error) {
    throw isCode(error, "PriorityInUse") ? priorityTaken(priority, error) : error;
  }
}

function placed(priority: number | undefined): number {
  if (priority !== undefined) return priority;
  throw new QuaysideError(
    "no-rule-priority",
    "The rule was not created: every priority of the listener is taken",
    {
      fix: "Delete rules that are not needed any more.",
    },
  );
}

const priorityTaken = (priority: number, cause: unknown): QuaysideError =>
  new QuaysideError(
    "rule-priority-taken",
    `Rule priority ${priority} cannot be used: another rule of the listener has it`,
    {
      facts: { priority },
      fix: "Choose another priority in behindAlb(…), or leave it out: one is then chosen.",
      cause,
    },
  );

const targetGroupsOf = (actions: readonly Action[]): string[] => weightsOf(actions).map(({ arn }) => arn);

const stateOf = ({ RuleArn = "", Priority }: Rule): ListenerRuleState => ({
  arn: RuleArn,
  priority: Number(Priority),
});
