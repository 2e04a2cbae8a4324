import { stableHash } from "../engine/stable-hash.js";
import type { ListenerRuleDesired } from "../load-balancer/rules/listener-rule-state.js";
import type { RequestConditions } from "../spec/request-conditions.js";

/** Identifies a rule by its conditions. */
export const partOf = (
  host: readonly string[],
  path: readonly string[],
  conditions: RequestConditions | undefined,
): string => stableHash(conditions === undefined ? [host, path] : [host, path, conditions]).slice(0, 8);

/** The priority of the first of several rules is the described one; the others follow it. */
export const positionOf = (
  priority: number | undefined,
  index: number,
): Pick<ListenerRuleDesired, "priority" | "after"> =>
  priority === undefined || index === 0 ? { priority } : { priority: undefined, after: priority };
