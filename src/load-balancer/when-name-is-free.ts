import type { AwsContext } from "../aws/context.js";
import { hasErrorCode } from "../aws/error-code.js";
import { poll } from "../engine/poll.js";

/**
 * Creates something whose name stays taken for a minute or so after it was deleted: refused as a
 * duplicate although nothing is there under the name any more. A duplicate that is there is the caller's.
 */
export async function whenNameIsFree<T>(
  context: AwsContext,
  duplicateCode: string,
  what: string,
  exists: () => Promise<boolean>,
  create: () => Promise<T>,
): Promise<T> {
  return poll(
    { context, every: 5_000, timeout: 2 * 60_000, what: `the name of ${what} to be free again` },
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
