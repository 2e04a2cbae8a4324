import type * as Elb from "@aws-sdk/client-elastic-load-balancing-v2";
import type { ElbPort } from "../../../aws/api.js";
import type { World } from "../../core/account.js";
import { requireMembers } from "../../core/required-members.js";
import { Refusal } from "../../core/service-error.js";
import { readActions } from "./actions.js";
import { elbArn, pathOf } from "./arn.js";
import { readConditions } from "./conditions.js";
import { findListener } from "./listeners.js";
import { checkBatch, elbPage } from "./paging.js";
import { missing, ruleNotFound, validationError } from "./refusals.js";
import type { Rule } from "./state.js";
import { readTags } from "./tags.js";
import { checkAssociation, refreshUse } from "./target-group-use.js";

type Handlers = Pick<
  ElbPort,
  "createRule" | "describeRules" | "modifyRule" | "setRulePriorities" | "deleteRule"
>;

const maxRules = 100;

export const createRuleHandlers = (world: World): Handlers => ({
  async createRule(input) {
    requireMembers(input, ["ListenerArn", "Conditions", "Priority", "Actions"], missing);
    const listener = findListener(world, input.ListenerArn ?? "");
    const priority = readPriority(input.Priority);
    const conditions = readConditions(input.Conditions);
    const actions = readActions(world, input.Actions);
    const tags = readTags(input.Tags);
    const others = rulesOf(world, listener.arn);
    if (others.some((other) => other.priority === priority)) throw priorityInUse(priority);
    if (others.length > maxRules)
      throw new Refusal("TooManyRules", "The maximum number of rules has been reached");
    checkAssociation(world, listener.loadBalancerArn, actions);
    const arn = elbArn(world, `listener-rule/${pathOf(listener.arn)}/${world.hex(16)}`);
    const rule: Rule = { arn, listenerArn: listener.arn, priority, conditions, actions, tags };
    world.elb.rules.set(arn, rule);
    refreshUse(world);
    return { Rules: [describe(rule)] };
  },

  async describeRules(input) {
    checkBatch("rules", input.RuleArns);
    let wanted: Rule[];
    if (input.RuleArns?.length) wanted = input.RuleArns.map((arn) => findRule(world, arn));
    else if (input.ListenerArn !== undefined)
      wanted = rulesOf(world, findListener(world, input.ListenerArn).arn);
    else throw validationError("You must specify either listener rule ARNs or a listener ARN");
    const { items, next } = elbPage(wanted, input);
    return { Rules: items.map(describe), ...next };
  },

  async modifyRule(input) {
    requireMembers(input, ["RuleArn"], missing);
    const rule = findRule(world, input.RuleArn ?? "");
    if (rule.priority === "default") {
      throw new Refusal("OperationNotPermitted", "Default rule '" + rule.arn + "' cannot be modified");
    }
    const conditions = input.Conditions === undefined ? rule.conditions : readConditions(input.Conditions);
    const actions = input.Actions === undefined ? rule.actions : readActions(world, input.Actions);
    checkAssociation(world, findListener(world, rule.listenerArn).loadBalancerArn, actions);
    Object.assign(rule, { conditions, actions });
    refreshUse(world);
    return { Rules: [describe(rule)] };
  },

  async setRulePriorities({ RulePriorities = [] }) {
    const changes = RulePriorities.map(({ RuleArn = "", Priority }) => {
      const rule = findRule(world, RuleArn);
      if (rule.priority === "default") {
        throw new Refusal("OperationNotPermitted", "The priority of a default rule cannot be changed");
      }
      return { rule, priority: readPriority(Priority) };
    });
    const moved = new Set(changes.map(({ rule }) => rule));
    for (const { rule, priority } of changes) {
      const clash =
        changes.some((other) => other.rule !== rule && other.priority === priority) ||
        rulesOf(world, rule.listenerArn).some((other) => !moved.has(other) && other.priority === priority);
      if (clash) throw priorityInUse(priority);
    }
    for (const { rule, priority } of changes) rule.priority = priority;
    return { Rules: changes.map(({ rule }) => describe(rule)) };
  },

  async deleteRule(input) {
    requireMembers(input, ["RuleArn"], missing);
    const rule = findRule(world, input.RuleArn ?? "");
    if (rule.priority === "default") {
      throw new Refusal("OperationNotPermitted", `Default rule '${rule.arn}' cannot be deleted`);
    }
    world.elb.rules.delete(rule.arn);
    refreshUse(world);
    return {};
  },
});

function findRule(world: World, arn: string): Rule {
  const found = world.elb.rules.get(arn);
  if (found === undefined) throw ruleNotFound(arn);
  return found;
}

/** In the order in which they are tried: the default rule is last. */
export const rulesOf = (world: Pick<World, "elb">, listenerArn: string): Rule[] =>
  [...world.elb.rules.values()]
    .filter((rule) => rule.listenerArn === listenerArn)
    .sort((one, other) => order(one) - order(other));

const order = ({ priority }: Rule): number => (priority === "default" ? Infinity : priority);

function readPriority(priority: number | undefined): number {
  if (priority === undefined || !Number.isInteger(priority) || priority < 1 || priority > 50000) {
    throw validationError(`The priority '${priority}' must be between 1 and 50000`);
  }
  return priority;
}

const describe = (rule: Rule): Elb.Rule => ({
  RuleArn: rule.arn,
  Priority: String(rule.priority),
  Conditions: structuredClone(rule.conditions),
  Actions: structuredClone(rule.actions),
  IsDefault: rule.priority === "default",
});

const priorityInUse = (priority: number): Refusal =>
  new Refusal("PriorityInUse", `Priority '${priority}' is currently in use`);
