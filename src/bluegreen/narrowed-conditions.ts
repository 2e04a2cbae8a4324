import type { RuleCondition } from "@aws-sdk/client-elastic-load-balancing-v2";
import { conditionsLike, routeOf, toConditions, valuesIn } from "../load-balancer/rules/rule-conditions.js";
import { MAX_VALUES } from "../spec/split-route.js";

/** A rule's conditions with room for one more: those of a rule with five values are those of several rules. */
export function withRoom(conditions: readonly RuleCondition[]): RuleCondition[][] {
  const route = { ...routeOf(conditions), ...conditionsLike({}, conditions) };
  const { path, host } = route;
  if (valueCount(toConditions(route)) < MAX_VALUES) return [toConditions(route)];
  const [longest, key] = path.length >= host.length ? [path, "path" as const] : [host, "host" as const];
  // The conditions besides path and host are given up: only requests with the one more are meant.
  if (longest.length < 2) return [toConditions({ path, host })];
  const half = Math.ceil(longest.length / 2);
  return [longest.slice(0, half), longest.slice(half)].flatMap((some) =>
    withRoom(toConditions({ ...route, [key]: some })),
  );
}

const valueCount = (conditions: readonly RuleCondition[]): number =>
  conditions.reduce((sum, condition) => sum + valuesIn(condition).length, 0);
