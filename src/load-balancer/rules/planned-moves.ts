import type { AwsContext } from "../../aws/context.js";
import { hasErrorCode } from "../../aws/error-code.js";
import { rulesOf } from "../elb-pages.js";
import type { Route } from "./rule-conditions.js";
import { freePriority, nextPriority, rankedRoutes, rulePriority, type RankedRoute } from "./rule-priority.js";

/** A rule that a run moves to the priority that its chain sets. */
export interface PlannedMove {
  readonly arn: string;
  readonly listenerArn: string;
  readonly priority: number;
}

/** A rule that leaves its priority to another one of the run: it is deleted, or its chain no longer sets a priority. */
export interface DisplacedRule {
  readonly arn: string;
  readonly listenerArn: string;
  /** The priority that it leaves. */
  readonly priority: number;
  /** Its place afterwards; `undefined` if the run deletes it. */
  readonly stays: { readonly route: Route; readonly after: number | undefined } | undefined;
}

/** The priorities of one listener that change together. */
export interface PlannedPriorities {
  readonly moves: readonly PlannedMove[];
  readonly displaced: readonly DisplacedRule[];
  /** The rules that get a priority which their chains set. */
  readonly wanted: readonly RankedRoute[];
}

interface Moves extends PlannedPriorities {
  /** Set once the moves are requested: by the first of the rules. */
  done: Promise<unknown> | undefined;
}

const keyOf = (listenerArn: string): string => `planned rule moves of ${listenerArn}`;

const movesOf = (listenerArn: string, { runCache }: AwsContext): Moves | undefined =>
  runCache.get(keyOf(listenerArn)) as Moves | undefined;

/** Remembers the moves of a run: rules that exchange their priorities can only do so in one request. */
export function rememberMoves(
  listenerArn: string,
  planned: PlannedPriorities,
  { runCache }: AwsContext,
): void {
  runCache.set(keyOf(listenerArn), { ...planned, done: undefined } satisfies Moves);
}

/** The rules of this run that get a priority which their chains set: no other one may take it. */
export const wantedPriorities = (listenerArn: string, context: AwsContext): readonly RankedRoute[] =>
  movesOf(listenerArn, context)?.wanted ?? [];

/**
 * Moves all rules of the listener that this run moves, in one request, with those that leave their priorities to them.
 *
 * @returns false if there are no several moves, or they cannot be made together
 */
export async function moveTogether(listenerArn: string, context: AwsContext): Promise<boolean> {
  const moves = movesOf(listenerArn, context);
  if (moves === undefined) return false;
  const displaced = moves.displaced.filter(({ priority }) =>
    moves.moves.some((move) => move.priority === priority),
  );
  if (moves.moves.length + displaced.length < 2) return false;
  moves.done ??= setPriorities(listenerArn, moves.moves, displaced, context);
  try {
    await moves.done;
    return true;
  } catch (error) {
    // Each rule's own request says what is wrong with it.
    if (hasErrorCode(error, "PriorityInUse", "RuleNotFound")) return false;
    throw error;
  }
}

/** True if a rule of this run is about to leave the priority, by one of the moves. */
export const isMoving = (arn: string | undefined, listenerArn: string, context: AwsContext): boolean =>
  movesOf(listenerArn, context)?.moves.some((move) => move.arn === arn) ?? false;

/** True if the rule leaves its priority to another one of this run. */
export const isLeaving = (arn: string | undefined, listenerArn: string, context: AwsContext): boolean =>
  isMoving(arn, listenerArn, context) ||
  (movesOf(listenerArn, context)?.displaced.some((rule) => rule.arn === arn) ?? false);

/**
 * Gives a new rule, which was created at another priority, the one that a rule of this run leaves. It takes one request,
 * together with the moves of the run: until then the old rule answers its requests, from then on the new one.
 */
export async function takePriority(
  arn: string,
  priority: number,
  listenerArn: string,
  context: AwsContext,
): Promise<void> {
  const moves = movesOf(listenerArn, context);
  const own = { arn, listenerArn, priority };
  const isDisplaced = moves?.displaced.some((rule) => rule.priority === priority) === true;
  const joins = !isDisplaced && moves !== undefined && moves.done === undefined ? moves.moves : [];
  const targets = new Set([own, ...joins].map((move) => move.priority));
  const displaced = moves?.displaced.filter((rule) => targets.has(rule.priority)) ?? [];
  const requested = setPriorities(listenerArn, [...joins, own], displaced, context);
  if (moves !== undefined && joins.length > 0) moves.done = requested;
  await requested;
}

async function setPriorities(
  listenerArn: string,
  moves: readonly PlannedMove[],
  displaced: readonly DisplacedRule[],
  context: AwsContext,
): Promise<void> {
  const changes = moves.map(({ arn, priority }) => ({ RuleArn: arn, Priority: priority }));
  const rules = displaced.length === 0 ? [] : await rulesOf(listenerArn, context);
  const others = [...wantedPriorities(listenerArn, context)];
  for (const rule of displaced) {
    const there = rules.filter(({ RuleArn }) => RuleArn !== rule.arn).flatMap(rankedRoutes);
    const place = placeOf(rule, [...there, ...others]);
    if (place === undefined) continue;
    others.push({ ...(rule.stays?.route ?? { path: [], host: [], narrowed: false }), priority: place });
    changes.push({ RuleArn: rule.arn, Priority: place });
  }
  await context.aws.elb.setRulePriorities({ RulePriorities: changes });
}

function placeOf({ priority, stays }: DisplacedRule, others: readonly RankedRoute[]): number | undefined {
  if (stays === undefined) return freePriority(priority, others);
  return stays.after === undefined ? rulePriority(stays.route, others) : nextPriority(stays.after, others);
}
