import { labelOf } from "./attribution.js";
import type { Graph } from "./graph.js";
import type { PendingDeletions, RunContext } from "./kind.js";
import { pendingDeletions } from "./owners-in-use.js";
import type { Kept, Removal } from "./removal.js";

/** Retains resources whose content would be lost with them. */
export async function splitRetained<Context extends RunContext>(
  removals: readonly Removal<Context>[],
  context: Context,
): Promise<{ readonly deletable: Removal<Context>[]; readonly retained: Kept[] }> {
  const deletable: Removal<Context>[] = [];
  const retained: Kept[] = [];
  const reasons = await Promise.all(
    removals.map(async ({ kind, state }) => kind.retainReason?.(state, context)),
  );
  for (const [index, removal] of removals.entries()) {
    const why = reasons[index];
    if (why === undefined) deletable.push(removal);
    else retained.push(toKept(removal, why, context));
  }
  return { deletable, retained };
}

/** Retains resources that others refer to, unless these others are deleted, too, or are in the graph: those will change. */
export async function splitBlocked<Context extends RunContext>(
  removals: readonly Removal<Context>[],
  graph: Graph<Context>,
  context: Context,
): Promise<{ readonly deletable: Removal<Context>[]; readonly retained: Kept[] }> {
  const pending = pendingDeletions(removals);
  const has: PendingDeletions["has"] = (kind, name) =>
    pending.has(kind, name) || graph.node(`${kind}/${name}`) !== undefined;
  const blocked = await findBlocked(removals, { has }, context);
  return {
    deletable: removals.filter(({ id }) => !blocked.has(id)),
    retained: removals.flatMap((removal) => {
      const why = blocked.get(removal.id);
      return why === undefined ? [] : [toKept(removal, why, context)];
    }),
  };
}

interface Blocked<Context extends RunContext> {
  readonly removal: Removal<Context>;
  readonly why: string;
}

/** Takes out what others refer to, also those that are kept because they are referred to themselves. */
export async function withoutBlocked<Context extends RunContext>(
  removals: readonly Removal<Context>[],
  context: Context,
): Promise<{ readonly unblocked: Removal<Context>[]; readonly blocked: readonly Blocked<Context>[] }> {
  const found = await findBlocked(removals, pendingDeletions(removals), context);
  const unblocked = removals.filter(({ id }) => !found.has(id));
  const blocked = removals.flatMap((removal) => {
    const why = found.get(removal.id);
    return why === undefined ? [] : [{ removal, why }];
  });
  if (blocked.length === 0) return { unblocked, blocked };
  const next = await withoutBlocked(unblocked, context);
  return { unblocked: next.unblocked, blocked: [...blocked, ...next.blocked] };
}

export const toKept = (
  {
    kind,
    name,
    owner,
  }: { readonly kind: { readonly kind: string }; readonly name: string; readonly owner?: string | undefined },
  why: string,
  { deploymentOf }: RunContext,
): Kept => ({ resource: kind.kind, name, why, ...labelOf(deploymentOf?.(owner)) });

export const heldBy = (holders: readonly string[]): string =>
  `it is still referenced by ${holders.join(", ")}`;

/** The resources that others refer to: ID -> the reason why this resource alone is kept. */
async function findBlocked<Context extends RunContext>(
  removals: readonly Removal<Context>[],
  pending: PendingDeletions,
  context: Context,
): Promise<ReadonlyMap<string, string>> {
  const blocked = new Map<string, string>();
  await Promise.all(
    removals.map(async (removal) => {
      const holders = (await removal.kind.blockedBy?.(removal, pending, context)) ?? [];
      if (holders.length > 0) blocked.set(removal.id, heldBy(holders));
    }),
  );
  return blocked;
}
