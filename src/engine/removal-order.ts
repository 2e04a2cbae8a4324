import type { RunContext } from "./kind.js";
import type { Removal } from "./removal.js";

/** When a resource is deleted. */
interface Turn<Context extends RunContext> {
  /** The resources that are deleted before it. */
  readonly after: readonly Removal<Context>[];
  /** The resources with which AWS deletes it. */
  readonly parents: readonly Removal<Context>[];
}

type Turns<Context extends RunContext> = ReadonlyMap<Removal<Context>, Turn<Context>>;

/**
 * The order in which resources are deleted: each after its dependents. What AWS deletes with one that it depends on
 * comes after that one, which then waits for its dependents.
 */
export function removalOrder<Context extends RunContext>(
  removals: readonly Removal<Context>[],
): Turns<Context> {
  const plain = new Map(removals.map((removal) => [removal, dependentsOf(removal, removals)]));
  const parents = new Map<Removal<Context>, Removal<Context>[]>();
  for (const [parent, dependents] of plain)
    for (const child of dependents)
      if (isDeletedWith(child, parent)) parents.set(child, [...(parents.get(child) ?? []), parent]);
  const short = new Map(
    removals.map((removal): [Removal<Context>, Turn<Context>] => [
      removal,
      { after: [...withoutChildren(removal, plain, parents)], parents: parents.get(removal) ?? [] },
    ]),
  );
  if (canEnd(short)) return short;
  return new Map([...plain].map(([removal, after]) => [removal, { after, parents: [] }]));
}

const dependentsOf = <Context extends RunContext>(
  removal: Removal<Context>,
  removals: readonly Removal<Context>[],
): readonly Removal<Context>[] => removals.filter((other) => other !== removal && dependsOn(other, removal));

const dependsOn = <Context extends RunContext>(
  { kind, needs }: Removal<Context>,
  other: Removal<Context>,
): boolean =>
  kind.deletedBeside?.includes(other.kind.kind) !== true &&
  (needs.includes(other.id) || (kind.dependsOn ?? []).includes(other.kind.kind));

const isDeletedWith = <Context extends RunContext>(
  child: Removal<Context>,
  { kind: { kind }, state }: Removal<Context>,
): boolean => child.kind.deletedWith?.(child, { kind, state }) === true;

/** What is deleted before a resource: in place of those that are deleted with it, what is deleted before them. */
function withoutChildren<Context extends RunContext>(
  removal: Removal<Context>,
  plain: ReadonlyMap<Removal<Context>, readonly Removal<Context>[]>,
  parents: ReadonlyMap<Removal<Context>, readonly Removal<Context>[]>,
  after = new Set<Removal<Context>>(),
  root = removal,
): ReadonlySet<Removal<Context>> {
  for (const dependent of plain.get(removal)!) {
    const of = parents.get(dependent) ?? [];
    // One of its children can depend on another one.
    if (of.includes(removal) || of.includes(root)) withoutChildren(dependent, plain, parents, after, root);
    else after.add(dependent);
  }
  return after;
}

/** False if resources would wait for each other. */
function canEnd<Context extends RunContext>(turns: Turns<Context>): boolean {
  const waits = new Map<Removal<Context>, number>();
  const waiting = new Map<Removal<Context>, Removal<Context>[]>();
  for (const [removal, { after, parents }] of turns) {
    waits.set(removal, after.length + parents.length);
    for (const one of [...after, ...parents]) waiting.set(one, [...(waiting.get(one) ?? []), removal]);
  }
  const ended = [...turns.keys()].filter((removal) => waits.get(removal) === 0);
  for (const removal of ended)
    for (const next of waiting.get(removal) ?? []) {
      waits.set(next, waits.get(next)! - 1);
      if (waits.get(next) === 0) ended.push(next);
    }
  return ended.length === turns.size;
}
