import { OwnershipError } from "../errors.js";
import { diff, diffTags, isUnder, unreported } from "./diff.js";
import type { Action } from "./events.js";
import type { Node } from "./graph.js";
import { isUnknown, type FieldChange, type Observed, type RunContext, type Tagged } from "./kind.js";
import { desiredOf, type Observation, type Observations } from "./observe.js";
import { ADOPTED_TAG, HASH_TAG, isOwnedBy, OWNER_TAG } from "./ownership.js";
import type { Change } from "./plan.js";

/** The planned action for one node. */
export interface Step<Context extends RunContext> {
  readonly node: Node<Context>;
  readonly action: Action;
  readonly observed: Observed<Tagged, unknown> | undefined;
  readonly adopted: boolean;
  readonly change: Change;
  /** The IDs of other nodes whose steps are done before this one. */
  readonly after?: readonly string[];
  /** The state to update to, if it is not the desired one: that which completes a resource. */
  readonly completed?: Tagged;
}

/**
 * Compares the desired with the present resources. Pure: reads and changes nothing.
 *
 * @throws OwnershipError when resources of the desired names exist that quayside does not manage, without
 * `adopt`, or that belong to another place
 */
export function planSteps<Context extends RunContext>(
  observations: Observations<Context>,
  adopt: boolean,
): Step<Context>[] {
  const steps: Step<Context>[] = [];
  const foreign: Observation<Context>[] = [];
  const others: Observation<Context>[] = [];
  const states = new Map<string, unknown>();

  for (const { node, observed } of observations.values()) {
    const desired = desiredOf(node, statesOfNeeds(node, states));
    const observation: Observation<Context> = { node, desired, observed };
    if (observed?.elsewhere !== undefined && node.claim === "own") others.push(observation);
    else if (isForeign(observation) && !isUsedAsItIs(observation) && !(adopt && isAdoptable(observation)))
      foreign.push(observation);
    const step = planStep(observation);
    steps.push(step);
    states.set(node.id, stateAfter(step, node));
  }
  if (others.length > 0) throw elsewhereError(others);
  if (foreign.length > 0) throw ownershipError(foreign);
  return steps;
}

/** Compares one node, with the states of its needs as they are now. */
export function planStep<Context extends RunContext>({
  node,
  desired,
  observed,
}: Observation<Context>): Step<Context> {
  const step = (
    action: Action,
    fields: readonly FieldChange[],
    reason: string,
    adopted = false,
  ): Step<Context> => ({
    node,
    action,
    observed,
    adopted,
    change: { action, resource: node.kind.kind, name: node.name, fields, reason },
  });

  if (observed === undefined) {
    if (node.kind.create === undefined) return step("none", [], "");
    return step("create", createdFields(desired), "it does not exist yet");
  }
  if (node.kind.update === undefined) return step("none", [], "");

  const foreign = isForeign({ node, desired, observed });
  if (!foreign && node.claim === "use") {
    const completed = node.kind.completed?.(desired, observed);
    const missing = completed === undefined ? [] : diff(completed, observed.current);
    const fields = missing.filter((field) => !isUnder(field.path, createOnlyOf(node, desired)));
    if (completed === undefined || fields.length === 0) return step("none", [], "");
    return { ...step("update", fields, "its creation was interrupted"), completed };
  }
  if (foreign && isUsedAsItIs({ node, observed })) return step("none", [], "");

  const adopted = foreign || observed.tags[ADOPTED_TAG] === "true";
  const wanted = foreign ? { ...desired, tags: { ...desired.tags, [ADOPTED_TAG]: "true" } } : desired;
  const fields = compare(node, wanted, observed);
  if (fields.length === 0) return step("none", [], "", adopted);
  if (fields.some((field) => isUnder(field.path, node.kind.immutable ?? []))) {
    return step(
      "replace",
      fields,
      `${paths(fields, node.kind.immutable)} cannot be changed in place`,
      adopted,
    );
  }
  const reason = foreign ? "it exists without quayside's tags and is adopted" : reasonOf(fields);
  return step("update", fields, reason, adopted);
}

function compare<Context extends RunContext>(
  node: Node<Context>,
  desired: Tagged,
  observed: Observed<Tagged, unknown>,
): FieldChange[] {
  const { kind } = node;
  const createOnly = createOnlyOf(node, desired);
  const fields = diff(desired, observed.current).filter((field) => !isUnder(field.path, createOnly));
  const tags = diffTags(desired.tags, observed.tags);
  const hashChanged = tags.some((tag) => tag.path === `tags.${HASH_TAG}`);
  if (hashChanged && kind.hashed !== undefined) {
    for (const key of unreported(kind.hashed(desired) as object, observed.current)) {
      fields.push({
        path: key,
        before: "(not reported)",
        after: (desired as unknown as Record<string, unknown>)[key],
      });
    }
  }
  return [...fields, ...(observed.unapplied ?? []), ...tags];
}

const createOnlyOf = <Context extends RunContext>(
  { kind: { createOnly } }: Node<Context>,
  desired: Tagged,
): readonly string[] => (typeof createOnly === "function" ? createOnly(desired) : createOnly) ?? [];

/** The state of a node once the step is done, as far as it is known before. */
function stateAfter<Context extends RunContext>(step: Step<Context>, node: Node<Context>): unknown {
  if (step.observed === undefined || step.action === "replace") return node.kind.unknown;
  if (step.action !== "update" || node.kind.changesOnUpdate === undefined) return step.observed.state;
  if (step.change.fields.every((field) => isUnder(field.path, ["tags"]))) return step.observed.state;
  const state = { ...(step.observed.state as Record<string, unknown>) };
  for (const key of node.kind.changesOnUpdate as readonly string[])
    state[key] = (node.kind.unknown as typeof state)[key];
  return state;
}

/** The states of a node's needs, under the needs' names. */
export function statesOfNeeds<Context extends RunContext>(
  node: Node<Context>,
  states: ReadonlyMap<string, unknown>,
): Record<string, unknown> {
  return Object.fromEntries(node.needs.map(([key, need]) => [key, states.get(need.ref.id)]));
}

export const isForeign = <Context extends RunContext>({ node, observed }: Observation<Context>): boolean =>
  observed !== undefined &&
  node.owner !== undefined &&
  (!isOwnedBy(observed.tags, node.owner) || observed.elsewhere !== undefined);

const isAdoptable = <Context extends RunContext>({ node, observed }: Observation<Context>): boolean =>
  node.kind.isAdoptable?.(observed?.tags ?? {}) ?? true;

/** True if a foreign resource is used without a change: a shared one, and that of another place under `use`. */
const isUsedAsItIs = <Context extends RunContext>({
  node,
  observed,
}: Pick<Observation<Context>, "node" | "observed">): boolean =>
  node.claim === "share" || (node.claim === "use" && observed?.elsewhere !== undefined);

function createdFields(desired: Tagged): FieldChange[] {
  return Object.entries(desired)
    .filter(([key, value]) => key !== "tags" && value !== undefined)
    .map(([path, after]) => ({ path, before: undefined, after }));
}

function reasonOf(fields: readonly FieldChange[]): string {
  const own = fields.filter((field) => !isUnder(field.path, ["tags"]));
  const shown = own.length === 0 ? fields : own;
  const isOne = shown.length === 1;
  if (!shown.every((field) => isUnknown(field.after)))
    return `${paths(shown)} ${isOne ? "differs" : "differ"}`;
  return `${paths(shown)} ${isOne ? "is" : "are"} known only after apply`;
}

function paths(fields: readonly FieldChange[], under?: readonly string[]): string {
  const all = fields
    .filter((field) => under === undefined || isUnder(field.path, under))
    .map((field) => field.path);
  return all.length <= 3 ? all.join(", ") : `${all.slice(0, 3).join(", ")} and ${all.length - 3} more`;
}

function ownershipError<Context extends RunContext>(
  foreign: readonly Observation<Context>[],
): OwnershipError {
  const unmanaged = foreign.filter(({ observed }) => observed?.tags[OWNER_TAG] === undefined);
  const named = unmanaged.map(({ node }) => `${node.kind.kind} ${node.name}`);
  const owned = foreign.flatMap(({ node, observed }) => {
    const owner = observed?.tags[OWNER_TAG];
    return owner === undefined ? [] : [`${node.kind.kind} ${node.name} (owned by ${owner})`];
  });
  const verb =
    named.length === 1
      ? "already exists and is not managed by quayside"
      : "already exist and are not managed by quayside";
  const parts = [
    ...(named.length > 0 ? [`${named.join(", ")} ${verb}`] : []),
    ...(owned.length > 0 ? [`${owned.join(", ")} already ${owned.length === 1 ? "exists" : "exist"}`] : []),
  ];
  const [fix] = foreign.flatMap(
    ({ node, desired, observed }) => node.kind.foreignFix?.(desired, observed?.tags[OWNER_TAG]) ?? [],
  );
  return new OwnershipError(`Nothing was changed: ${parts.join("; ")}`, {
    facts: { resources: foreign.map(({ node }) => ({ resource: node.kind.kind, name: node.name })) },
    fix: fix ?? "Choose different names in the chain, or pass { adopt: true } to use the existing resources.",
  });
}

/** The error for a resource that others have created since it was read. */
export function notCreated<Context extends RunContext>(
  { kind, name }: Node<Context>,
  desired: Tagged,
  owner: string | undefined,
  cause: unknown,
): OwnershipError {
  const whose = owner === undefined ? "is not managed by quayside" : `is owned by ${owner}`;
  return new OwnershipError(`${kind.kind} ${name} was not created: it already exists and ${whose}`, {
    cause,
    fix:
      kind.foreignFix?.(desired, owner) ??
      "Choose a different name in the chain, or pass { adopt: true } to use the existing resource.",
  });
}

/** The error for resources of other places. They cannot be adopted: their owner there would lose them. */
function elsewhereError<Context extends RunContext>(others: readonly Observation<Context>[]): OwnershipError {
  const named = others.map(({ node, observed }) => {
    const owner = observed?.tags[OWNER_TAG];
    const by = owner === undefined ? "" : ` (owned by ${owner})`;
    return `${node.kind.kind} ${node.name}${by} belongs to ${observed!.elsewhere!.place}`;
  });
  return new OwnershipError(`Nothing was changed: ${named.join(", ")}`, {
    facts: { resources: others.map(({ node }) => ({ resource: node.kind.kind, name: node.name })) },
    fix: others[0]!.observed!.elsewhere!.fix,
  });
}
