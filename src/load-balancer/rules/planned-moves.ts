import type { AwsContext } from "../../aws/context.js";
import { hasErrorCode } from "../../aws/error-code.js";

/** A rule that a run moves to the priority that its chain sets. */
export interface PlannedMove {
  readonly arn: string;
  readonly listenerArn: string;
  readonly priority: number;
}

interface Moves {
  readonly planned: readonly PlannedMove[];
  /** Set once they are requested: by the first of the rules. */
  done: Promise<unknown> | undefined;
}

const keyOf = (listenerArn: string): string => `planned rule moves of ${listenerArn}`;

const movesOf = (listenerArn: string, { runCache }: AwsContext): Moves | undefined =>
  runCache.get(keyOf(listenerArn)) as Moves | undefined;

/** Remembers the moves of a run: rules that exchange their priorities can only do so in one request. */
export function rememberMoves(moves: readonly PlannedMove[], { runCache }: AwsContext): void {
  for (const listenerArn of new Set(moves.map((move) => move.listenerArn))) {
    const planned = moves.filter((move) => move.listenerArn === listenerArn);
    runCache.set(keyOf(listenerArn), { planned, done: undefined } satisfies Moves);
  }
}

/**
 * Moves all rules of the listener that this run moves, in one request.
 *
 * @returns false if there are no several moves, or they cannot be made together
 */
export async function moveTogether(listenerArn: string, context: AwsContext): Promise<boolean> {
  const moves = movesOf(listenerArn, context);
  if (moves === undefined || moves.planned.length < 2) return false;
  moves.done ??= context.aws.elb.setRulePriorities({
    RulePriorities: moves.planned.map(({ arn, priority }) => ({ RuleArn: arn, Priority: priority })),
  });
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
  movesOf(listenerArn, context)?.planned.some((move) => move.arn === arn) ?? false;

/** Makes the moves of a run before a new rule takes a priority that one of them leaves. */
export async function makeRoom(listenerArn: string, context: AwsContext): Promise<void> {
  const moves = movesOf(listenerArn, context);
  if (moves === undefined || (await moveTogether(listenerArn, context))) return;
  for (const { arn, priority } of moves.planned)
    await context.aws.elb.setRulePriorities({ RulePriorities: [{ RuleArn: arn, Priority: priority }] });
}
