import { QuaysideError } from "../errors.js";
import type { Kind, RunContext, Tagged } from "./kind.js";

/**
 * True if a deletion was denied because another run has deleted the resource meanwhile: a policy that asks for its
 * tags does not allow it any more.
 */
export async function isDeletedMeanwhile<Context extends RunContext>(
  error: unknown,
  {
    kind,
    owner,
    name,
  }: {
    readonly kind: Kind<Tagged, unknown, Context>;
    readonly owner: string;
    readonly name: string;
  },
  context: Context,
): Promise<boolean> {
  if (!(error instanceof QuaysideError) || error.code !== "access-denied") return false;
  const found = await kind.findOwned?.(owner, context);
  return found !== undefined && !found.some((one) => one.name === name);
}
