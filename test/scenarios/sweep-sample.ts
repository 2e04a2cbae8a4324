import { seededRandom } from "../../src/local/core/random.js";
import type { FaultName, Position } from "./sweep-positions.js";

const part = process.env["QUAYSIDE_SWEEP"];
const isFull = part === "full";
const seed = Number(process.env["QUAYSIDE_SEED"] ?? 1);

/** For a failure: how the same positions are run again. */
export const SAMPLE = isFull
  ? "QUAYSIDE_SWEEP=full"
  : `QUAYSIDE_SEED=${seed}${part === undefined ? "" : ` QUAYSIDE_SWEEP=${part}`}`;

/** Of the other positions, one in so many is run. */
const ONE_IN = part === "half" ? 2 : 8;

/**
 * Bugs made on purpose are found at these positions, each of which stands for many: a create that does not
 * recognize what exists, half-created target groups and instance profiles, a request token that changes.
 * They are the first call of each write, and every call of the writes that a run repeats with another meaning.
 */
const FINDERS: ReadonlySet<FaultName> = new Set<FaultName>([
  // The run ends, and its caller does not know what exists.
  "refused",
  "aborted after",
  // Nothing of what a run does at its end is done.
  "killed after",
  // The SDK sends the request again, and the effect is there already.
  "response lost",
]);
const REPEATED: ReadonlySet<string> = new Set([
  // Each step of a traffic shift, and of a move to another target group.
  "modifyRule",
  // Count, version and target groups of one service, one after the other.
  "updateService",
  // Two colors, or the members of a fleet.
  "createService",
]);

const isFinder = ({ fault, operation, write, nth }: Position): boolean =>
  write && FINDERS.has(fault) && (nth === 1 || REPEATED.has(operation));

/**
 * All positions with `QUAYSIDE_SWEEP=full`, else the finders and a sample of the others, by `QUAYSIDE_SEED`: half of them
 * with `QUAYSIDE_SWEEP=half`.
 */
export function chosen(positions: readonly Position[]): readonly Position[] {
  if (isFull) return positions;
  const random = seededRandom(seed + positions.length);
  return positions.filter((position) => isFinder(position) || random() * ONE_IN < 1);
}
