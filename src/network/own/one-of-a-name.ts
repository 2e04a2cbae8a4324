import type { Tag } from "@aws-sdk/client-ec2";
import type { AwsContext } from "../../aws/context.js";
import { hasErrorCode } from "../../aws/error-code.js";
import { ignoreNotFound } from "../../aws/not-found.js";
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

/**
 * EC2 has no token for the creation of most parts: if the answer is lost, the SDK's next attempt creates another one, as
 * two runs at the same moment do. All runs choose the same one of them, and delete those that nothing uses.
 *
 * @returns the ID of the one to use
 */
export async function oneOfAName<Part extends { readonly Tags?: readonly Tag[] | undefined }>(
  mine: string,
  name: string,
  { resource, list, idOf, rankOf, remove }: Parts<Part>,
  context: AwsContext,
): Promise<string> {
  let chosen = mine;
  await poll(
    { context, every: 2_000, timeout: 2 * 60_000, what: `there to be one ${resource} ${name}` },
    async () => {
      const all = namedParts(await list(), name, idOf, rankOf);
      const ids = all.map((part) => idOf(part) ?? "");
      chosen = ids[0] ?? mine;
      const unused = all.filter((part) => idOf(part) !== chosen && rankOf(part) === 0);
      for (const part of unused) await ignoreNotFound(remove(idOf(part) ?? "")).catch(ignoreInUse);
      return unused.length === 0 ? true : undefined;
    },
  );
  return chosen;
}

/** Another run has begun to use it: it is found by its tags later. */
const ignoreInUse = (error: unknown): void => {
  if (!hasErrorCode(error, "DependencyViolation")) throw error;
};
