import type { AwsContext } from "../aws/context.js";
import { hasErrorCode } from "../aws/error-code.js";
import { poll } from "../engine/poll.js";

/**
 * Creates a resource whose name stays reserved for about a minute after a deletion: AWS rejects it as a
 * duplicate although none exists. An error about an existing duplicate is thrown to the caller.
 */
export async function whenNameIsFree<T>(
  context: AwsContext,
  duplicateCode: string,
  what: string,
  exists: () => Promise<boolean>,
  create: () => Promise<T>,
): Promise<T> {
  return poll(
    { context, every: 5_000, timeout: 2 * 60_000, what: `the name of ${what} to be available again` },
    async () => {
      try {
        return await create();
      } catch (error) {
        if (!hasErrorCode(error, duplicateCode) || (await exists())) throw error;
        return undefined;
      }
    },
  );
}
