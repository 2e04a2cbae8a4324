import type * as Elb from "@aws-sdk/client-elastic-load-balancing-v2";
import type { ElbApi } from "../../../aws/api.js";
import type { Account } from "../../core/account.js";
import { ServiceError } from "../../core/service-error.js";
import { readActions } from "./actions.js";
import { elbArn, pathOf } from "./arn.js";
import { readConditions } from "./conditions.js";
import { findListener } from "./listeners.js";
import { checkGroupStickiness } from "./group-stickiness.js";
import { isNetworkProtocol } from "./network-load-balancers.js";
import { checkBatch, elbPage } from "./paging.js";
import { requireElb, arnNotFound, validationError } from "./service-errors.js";
import type { Rule } from "./state.js";
import { readTags } from "./tags.js";
import { checkAssociation, refreshUse } from "./target-group-use.js";

type Handlers = Pick<
  ElbApi,
  "createRule" | "describeRules" | "modifyRule" | "setRulePriorities" | "deleteRule"
>;

const maxRules = 100;

export const createRuleHandlers = (account: Account): Handlers => ({
  async createRule(input) {
    requireElb(input, ["ListenerArn", "Conditions", "Priority", "Actions"]);
    const listener = findListener(account, input.ListenerArn ?? "");
    if (isNetworkProtocol(listener.protocol))
      throw new ServiceError(
        "UnsupportedProtocol",
        `Rules are not supported by listeners with the protocol '${listener.protocol}'`,
      );
    const priority = readPriority(input.Priority);
    const conditions = readConditions(input.Conditions);
    const actions = readActions(account, input.Actions);
    const tags = readTags(input.Tags);
    const others = rulesOf(account, listener.arn);
    if (others.some((other) => other.priority === priority)) throw priorityInUse(priority);
    const ofBalancer = [...account.elb.rules.values()].filter(
      (rule) =>
        account.elb.listeners.get(rule.listenerArn)?.loadBalancerArn === listener.loadBalancerArn &&
        rule.priority !== "default",
    );
    if (ofBalancer.length >= maxRules)
      throw new ServiceError("TooManyRules", "The maximum number of rules has been reached");
    checkAssociation(account, listener, actions);
    checkGroupStickiness(account, actions);
    const arn = elbArn(account, `listener-rule/${pathOf(listener.arn)}/${account.hex(16)}`);
    const rule: Rule = { arn, listenerArn: listener.arn, priority, conditions, actions, tags };
    account.elb.rules.set(arn, rule);
    refreshUse(account);
    await account.traffic.changeRules(listener);
    return { Rules: [describe(rule)] };
  },

  async describeRules(input) {
    checkBatch("rules", input.RuleArns);
    let wanted: Rule[];
    if (input.RuleArns?.length && input.ListenerArn === undefined)
      wanted = input.RuleArns.map((arn) => findRule(account, arn));
    else if (input.ListenerArn !== undefined && !input.RuleArns?.length)
      wanted = rulesOf(account, findListener(account, input.ListenerArn).arn);
    else throw validationError("You must specify either listener rule ARNs or a listener ARN");
    const { items, next } = elbPage(wanted, input);
    return { Rules: items.map(describe), ...next };
  },

  async modifyRule(input) {
    requireElb(input, ["RuleArn"]);
    const rule = findRule(account, input.RuleArn ?? "");
    if (rule.priority === "default") {
      throw new ServiceError("OperationNotPermitted", "Default rule '" + rule.arn + "' cannot be modified");
    }
    const conditions = input.Conditions === undefined ? rule.conditions : readConditions(input.Conditions);
    const actions = input.Actions === undefined ? rule.actions : readActions(account, input.Actions);
    checkAssociation(account, findListener(account, rule.listenerArn), actions);
    checkGroupStickiness(account, actions);
    Object.assign(rule, { conditions, actions });
    refreshUse(account);
    await account.traffic.changeRules(findListener(account, rule.listenerArn));
    return { Rules: [describe(rule)] };
  },

  async setRulePriorities(input) {
    requireElb(input, ["RulePriorities"]);
    const { RulePriorities = [] } = input;
    const changes = RulePriorities.map(({ RuleArn = "", Priority }) => {
      const rule = findRule(account, RuleArn);
      if (rule.priority === "default") {
        throw new ServiceError("OperationNotPermitted", "The priority of a default rule cannot be changed");
      }
      return { rule, priority: readPriority(Priority) };
    });
    const moved = new Set(changes.map(({ rule }) => rule));
    for (const { rule, priority } of changes) {
      const conflict =
        changes.some((other) => other.rule !== rule && other.priority === priority) ||
        rulesOf(account, rule.listenerArn).some((other) => !moved.has(other) && other.priority === priority);
      if (conflict) throw priorityInUse(priority);
    }
    for (const { rule, priority } of changes) rule.priority = priority;
    return { Rules: changes.map(({ rule }) => describe(rule)) };
  },

  async deleteRule(input) {
    requireElb(input, ["RuleArn"]);
    const rule = findRule(account, input.RuleArn ?? "");
    if (rule.priority === "default") {
      throw new ServiceError("OperationNotPermitted", `Default rule '${rule.arn}' cannot be deleted`);
    }
    account.elb.rules.delete(rule.arn);
    refreshUse(account);
    await account.traffic.changeRules(findListener(account, rule.listenerArn));
    return {};
  },
});

function findRule(account: Account, arn: string): Rule {
  const found = account.elb.rules.get(arn);
  if (found === undefined) throw arnNotFound(account, "rule", arn);
  return found;
}

/** In order of evaluation: the default rule is last. */
export const rulesOf = (account: Pick<Account, "elb">, listenerArn: string): Rule[] =>
  [...account.elb.rules.values()]
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
  Actions: structuredClone(rule.actions).map((action, index) => ({ Order: index + 1, ...action })),
  IsDefault: rule.priority === "default",
});

const priorityInUse = (priority: number): ServiceError =>
  new ServiceError("PriorityInUse", `Priority '${priority}' is currently in use`);
