import type { Tag } from "@aws-sdk/client-ec2";
import type { AwsContext } from "../../aws/context.js";
import { hasErrorCode } from "../../aws/error-code.js";
import { ignoreNotFound, isNotFound } from "../../aws/not-found.js";
import { poll } from "../../engine/poll.js";
import { namedParts } from "./parts.js";

/** How the parts of one kind are listed and deleted. */
interface Parts<Part> {
  readonly resource: string;
  readonly list: () => Promise<readonly Part[]>;
  readonly idOf: (part: Part) => string | undefined;
  /** Higher for one that is in use: it is kept. */
  readonly rankOf: (part: Part) => number;
  readonly remove: (id: string) => Promise<unknown>;
}

/** How often an unused part is seen before it is deleted: the run that has created it needs the time to use it. */
const SEEN_UNUSED = 4;

/**
 * EC2 has no token for the creation of most parts: if the answer is lost, the SDK's next attempt creates another one, as
 * two runs at the same moment do. All runs choose the same one of them, and delete those that nothing uses.
 *
 * @param use - makes it one that is in use; another run may have deleted it before, and then uses another one
 * @returns the ID of the one to use
 */
export async function oneOfAName<Part extends { readonly Tags?: readonly Tag[] | undefined }>(
  mine: string,
  name: string,
  parts: Parts<Part>,
  context: AwsContext,
  use: (id: string) => Promise<void> = () => Promise.resolve(),
): Promise<string> {
  const chosen = await choose(mine, name, parts, context);
  try {
    await use(chosen);
    return chosen;
  } catch (error) {
    const other = isNotFound(error) ? await choose(mine, name, parts, context) : chosen;
    if (other === chosen) throw error;
    await use(other);
    return other;
  }
}

async function choose<Part extends { readonly Tags?: readonly Tag[] | undefined }>(
  mine: string,
  name: string,
  { resource, list, idOf, rankOf, remove }: Parts<Part>,
  context: AwsContext,
): Promise<string> {
  let chosen = mine;
  let seen = 0;
  await poll(
    { context, every: 2_000, timeout: 2 * 60_000, what: `there to be one ${resource} ${name}` },
    async () => {
      const all = namedParts(await list(), name, idOf, rankOf);
      const ids = all.map((part) => idOf(part) ?? "");
      chosen = ids[0] ?? mine;
      const unused = all.filter((part) => idOf(part) !== chosen && rankOf(part) === 0);
      if (unused.length === 0) return true;
      seen += 1;
      if (seen >= SEEN_UNUSED)
        for (const part of unused) await ignoreNotFound(remove(idOf(part) ?? "")).catch(ignoreInUse);
      return undefined;
    },
  );
  return chosen;
}

/** Another run has begun to use it: it is found by its tags later. */
const ignoreInUse = (error: unknown): void => {
  if (!hasErrorCode(error, "DependencyViolation")) throw error;
};
