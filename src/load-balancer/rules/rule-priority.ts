import type { Rule } from "@aws-sdk/client-elastic-load-balancing-v2";
import { routeOf, type Route } from "./rule-conditions.js";
import { covers } from "./rule-conflicts.js";

export interface RankedRoute extends Route {
  readonly priority: number;
}

/** A rule's route and priority, for the choice of another rule's priority; none for the default rule. */
export function rankedRoutes({ IsDefault, Priority, Conditions = [] }: Rule): RankedRoute[] {
  return IsDefault === true ? [] : [{ ...routeOf(Conditions), priority: Number(Priority) }];
}

const HIGHEST = 50_000;
/** Rules with a host pattern start here, those with paths alone after them. */
const HOST_BAND = 1_000;
const PATH_BAND = 20_000;
const STEP = 200;
/** Between rules that are equally specific. */
const SMALL_STEP = 10;

/**
 * The priority for a new rule among all rules of its listener: more specific rules come first (host before
 * path, longer before shorter, exact before wildcard). The preferred priority depends on the rule alone, so
 * that rules that several runs create concurrently are in order, too.
 *
 * @returns `undefined` if all fifty thousand are taken.
 */
export function rulePriority(route: Route, others: readonly RankedRoute[]): number | undefined {
  const taken = new Set(others.map(({ priority }) => priority));
  // The new rule comes directly before the first less specific rule. A rule with further conditions matches
  // only some requests, and may come before more specific ones.
  const lessSpecific = others.filter((other) => isComparable(route, other) && compare(route, other) < 0);
  const upper = Math.min(HIGHEST + 1, ...lessSpecific.map(priorityOf));
  const lower = Math.max(0, ...others.map(priorityOf).filter((priority) => priority < upper));
  const preferred = preferredPriority(route);
  if (preferred > lower && preferred < upper) return preferred;
  if (upper - lower > 1) {
    // As near to the preferred priority as possible: the rest of the gap is for other rules.
    const step = Math.min(SMALL_STEP, Math.floor((upper - lower) / 2));
    return preferred >= upper ? upper - step : lower + step;
  }
  return squeezedIn(route, upper, others, taken);
}

/** The next free priority after another one. */
export function nextPriority(after: number, others: readonly RankedRoute[]): number | undefined {
  const taken = new Set(others.map(priorityOf));
  for (let priority = after + 1; priority <= HIGHEST; priority++) if (!taken.has(priority)) return priority;
  return undefined;
}

/** A free priority near another one: the next one after it, otherwise the last one before it. */
export function freePriority(near: number, others: readonly RankedRoute[]): number | undefined {
  const taken = new Set(others.map(priorityOf));
  const next = nextPriority(near, others);
  if (next !== undefined) return next;
  for (let priority = near - 1; priority >= 1; priority--) if (!taken.has(priority)) return priority;
  return undefined;
}

/** True if the rule comes after all more specific rules and before all less specific ones. */
export const isInOrder = (rule: RankedRoute, others: readonly RankedRoute[]): boolean =>
  others.every((other) => {
    const order = compare(rule, other);
    return (
      !isComparable(rule, other) ||
      order === 0 ||
      (order < 0 ? rule.priority < other.priority : rule.priority > other.priority)
    );
  });

/**
 * The nearest free priority if there is no gap at the right one: the rule neither shadows another one nor is
 * shadowed.
 */
function squeezedIn(
  route: Route,
  upper: number,
  others: readonly RankedRoute[],
  taken: ReadonlySet<number>,
): number | undefined {
  // Rules for the same requests may be on either side.
  const first = Math.max(0, ...others.filter((other) => isWider(route, other)).map(priorityOf));
  const last = Math.min(HIGHEST + 1, ...others.filter((other) => isWider(other, route)).map(priorityOf));
  const isFree = (priority: number): boolean => priority >= 1 && priority <= HIGHEST && !taken.has(priority);
  for (let priority = upper - 1; priority > first; priority--) if (isFree(priority)) return priority;
  for (let priority = Math.max(upper, first + 1); priority < last; priority++)
    if (isFree(priority)) return priority;
  for (let priority = 1; priority <= HIGHEST; priority++) if (isFree(priority)) return priority;
  return undefined;
}

/**
 * True if the order of the two is known: a rule with further conditions matches only some requests, and may come before
 * more specific ones, but not before one that matches only some of these requests.
 */
const isComparable = (route: Route, other: Route): boolean =>
  !other.narrowed || covers(other, route) || (route.narrowed && covers(route, other));

/** True if `a` matches all requests of `b`, and more. */
const isWider = (a: Route, b: Route): boolean => covers(a, b) && !covers(b, a);

function preferredPriority({ path, host }: Route): number {
  const [hasHost, hostLength, , pathLength, exactPath] = specificity({ path, host });
  const back = (length: number, most: number): number => most - Math.min(length, most);
  const within = back(pathLength, 90) * STEP + (exactPath === 1 ? 0 : STEP / 2);
  if (hasHost === 0) return PATH_BAND + within;
  // Within 18,000 priorities: the host decides first, by every fourth character; then the path, with gaps for
  // rules in between.
  return (
    HOST_BAND + Math.floor(back(hostLength, 60) / 4) * 1_200 + Math.floor((within / (91 * STEP)) * 1_100)
  );
}

/** Negative if `a` is more specific. */
function compare(a: Route, b: Route): number {
  const [left, right] = [specificity(a), specificity(b)];
  for (const [index, value] of left.entries()) {
    const difference = (right[index] ?? 0) - value;
    if (difference !== 0) return difference;
  }
  // Equally specific: one may still match all requests of the other, and more.
  return Number(covers(a, b)) - Number(covers(b, a));
}

/** Host given, host's length, host exact, path's length, path exact: of the broadest pattern each. */
function specificity({ path, host }: Pick<Route, "path" | "host">): [number, number, number, number, number] {
  const hosts = host.includes("*") ? [] : host;
  return [hosts.length > 0 ? 1 : 0, ...broadest(hosts), ...broadest(path)];
}

function broadest(patterns: readonly string[]): [length: number, exact: number] {
  if (patterns.length === 0) return [0, 0];
  const length = Math.min(...patterns.map((pattern) => pattern.replace(/[*?]/g, "").length));
  return [length, patterns.every((pattern) => !/[*?]/.test(pattern)) ? 1 : 0];
}

const priorityOf = ({ priority }: RankedRoute): number => priority;
