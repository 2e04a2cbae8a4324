import type { PendingDeletions, RunContext } from "./kind.js";
import type { Removal } from "./removal.js";

export const pendingDeletions = <Context extends RunContext>(
  removals: readonly Removal<Context>[],
): PendingDeletions => ({
  has: (kind, name) =>
    removals.some((removal) => {
      const hasName =
        removal.name === name ||
        removal.name === `${removal.scope}/${name}` ||
        `${removal.scope}/${removal.name}` === name;
      return removal.kind.kind === kind && hasName;
    }),
});

/** The owners that have a resource which others use: owner -> the reason why all of its resources are kept. */
export async function ownersInUse<Context extends RunContext>(
  removals: readonly Removal<Context>[],
  pending: PendingDeletions,
  context: Context,
): Promise<ReadonlyMap<string, string>> {
  const [users, protections] = await Promise.all([
    Promise.all(removals.map(async (removal) => removal.kind.usedBy?.(removal, pending, context))),
    Promise.all(removals.map(async (removal) => removal.kind.protectedBy?.(removal, context))),
  ]);
  const inUse = new Map<string, string>();
  for (const [index, { kind, name, owner }] of removals.entries()) {
    const names = users[index] ?? [];
    const protection = protections[index];
    if (inUse.has(owner)) continue;
    if (names.length > 0) inUse.set(owner, `${kind.kind} ${name} is still used by ${names.join(", ")}`);
    else if (protection !== undefined) inUse.set(owner, protection);
  }
  return inUse;
}

/** For so long after a look, nobody else is taken to have begun to use an owner's resources. */
const LOOK_AGAIN_AFTER = 5_000;

/** Tells why a resource is to be kept: others have begun to use its owner's resources since they were planned. */
export function usersSincePlanned<Context extends RunContext>(
  removals: readonly Removal<Context>[],
  pending: PendingDeletions,
  lookedAt: number,
  context: Context,
  isDeleted: (removal: Removal<Context>) => boolean,
): (removal: Removal<Context>) => Promise<string | undefined> {
  const looks = new Map<string, { readonly at: number; readonly why: Promise<string | undefined> }>();
  const now = () => context.clock.now();
  return async ({ owner }) => {
    const last = looks.get(owner);
    if (
      (last !== undefined && (await last.why) !== undefined) ||
      now() - (last?.at ?? lookedAt) < LOOK_AGAIN_AFTER
    )
      return last?.why;
    // What was deleted has no users any more.
    const shared = removals.filter(
      (removal) => removal.owner === owner && removal.kind.usedBy !== undefined && !isDeleted(removal),
    );
    const why = ownersInUse(shared, pending, context).then((inUse) => inUse.get(owner));
    looks.set(owner, { at: now(), why });
    return why;
  };
}
