import type { Cloud } from "../aws/cloud.js";
import { QuaysideError } from "../errors.js";

/** A run that fails on the virtual clock can be repeated: the facts of its error name the seed. */
export function nameSeed(error: unknown, { local }: Pick<Cloud, "local">): void {
  if (local?.clock !== "virtual" || local.seed === undefined) return;
  if (error instanceof QuaysideError) Object.assign(error.facts, { seed: local.seed });
}
