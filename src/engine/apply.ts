import { OwnershipError, QuaysideError } from "../errors.js";
import type { Action } from "./events.js";
import type { Graph, Node } from "./graph.js";
import type { RunContext, Tagged } from "./kind.js";
import { contextForOwner } from "./kind.js";
import { desiredOf } from "./observe.js";
import { RunLog } from "./outcome.js";
import { isOwnedBy } from "./ownership.js";
import type { Change } from "./plan.js";
import { planStep, type Step } from "./steps.js";

/** A node on its way: `created` gives its state, `ready` waits until it is usable. */
interface Running {
  readonly created: Promise<unknown>;
  readonly ready: () => Promise<unknown>;
}

/** Ends a node that was not begun because something it needs failed; never the run's own error. */
class NotBegun extends Error {}

/**
 * Carries out the steps: each node as soon as what it needs is there, all others beside it. A failed
 * node stops what depends on it and nothing else; the rest ends properly before the error is thrown.
 *
 * @returns the states of all nodes, when the graph's goals are ready.
 */
export async function apply<Context extends RunContext>(
  graph: Graph<Context>,
  steps: readonly Step<Context>[],
  context: Context,
): Promise<ReadonlyMap<string, unknown>> {
  const ledger = new RunLog();
  const running = new Map<string, Running>();
  const states = new Map<string, unknown>();
  for (const step of steps) running.set(step.node.id, start(step, running, ledger, context));

  await Promise.allSettled(
    [...running].map(async ([id, node]) => {
      states.set(id, await node.created);
      // What the run is for is waited for beside everything else, unless it has failed already.
      if (graph.goals.has(id) && !ledger.failed) states.set(id, await node.ready());
    }),
  );
  if (ledger.failed || context.signal.aborted) throw ledger.error(context.signal);
  return states;
}

function start<Context extends RunContext>(
  step: Step<Context>,
  running: ReadonlyMap<string, Running>,
  ledger: RunLog,
  whole: Context,
): Running {
  const { node } = step;
  const context = contextForOwner(node.owner, whole);
  const entry = step.action === "none" ? undefined : ledger.plan(step.change);
  let desired: Tagged;

  const guarded = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof NotBegun)) ledger.fail(error);
      throw error;
    }
  };

  const act = async (): Promise<unknown> => {
    const states: Record<string, unknown> = {};
    for (const [key, need] of node.needs) {
      const needed = running.get(need.ref.id)!;
      states[key] = await (need.until === "ready" ? needed.ready() : needed.created).catch(
        (cause: unknown) => {
          throw new NotBegun(`${node.id} was not begun`, { cause });
        },
      );
    }
    context.signal.throwIfAborted();
    return guarded(async () => {
      desired = desiredOf(node, states);
      // Compared once more, now that everything it refers to is known.
      const now = planStep({ node, desired, observed: step.observed });
      const state = await applyStep(now, desired, context);
      if (entry !== undefined) ledger.done(entry);
      return state;
    });
  };

  const created = act();
  created.catch(() => {});
  let ready: Promise<unknown> | undefined;
  return {
    created,
    ready: () => {
      ready ??= created.then((state) => guarded(() => waitUntilReady(node, state, desired, context)));
      ready.catch(() => {});
      return ready;
    },
  };
}

async function applyStep<Context extends RunContext>(
  step: Step<Context>,
  desired: Tagged,
  context: Context,
): Promise<unknown> {
  const { node, observed, action, change } = step;
  const { kind } = node;
  if (action === "none") return observed?.state ?? kind.unknown;
  if (action === "replace") throw cannotReplace([change]);
  return reported(node, action, context, async () => {
    if (observed !== undefined) {
      const tags = { ...desired.tags, ...tagsOf(change.fields) };
      return kind.update!({ ...desired, tags }, observed, change.fields, context);
    }
    try {
      return await kind.create!(desired, context);
    } catch (error) {
      if (kind.alreadyExists?.(error) !== true) throw error;
      return continueFrom(node, desired, error, context);
    }
  });
}

/** Names are deterministic, so the new one cannot stand beside the old: the user gives it a name. */
export function cannotReplace(changes: readonly Change[]): QuaysideError {
  const named = changes.map((change) => `${change.resource} ${change.name} (${change.reason})`).join(", ");
  return new QuaysideError(
    "replacement-needed",
    `Nothing was changed: the cloud cannot change this in place: ${named}`,
    {
      facts: { changes },
      fix: "Give it another name in the chain: the new one is made beside the old, which is removed once the new one works. Or keep the old value.",
    },
  );
}

/** A create found it there: a response of ours was lost, or another run was quicker. If it is ours, go on from it. */
async function continueFrom<Context extends RunContext>(
  node: Node<Context>,
  desired: Tagged,
  cause: unknown,
  context: Context,
): Promise<unknown> {
  const observed = await node.kind.read(desired, context);
  if (observed === undefined) throw cause;
  if (node.claim !== "share" && !isOwnedBy(observed.tags, node.owner)) {
    throw new OwnershipError(`${node.kind.kind} ${node.name} was not created: one that is not ours exists`, {
      cause,
      fix: "Choose another name in the chain, or pass { adopt: true } to use what exists.",
    });
  }
  const step = planStep({ node, desired, observed });
  if (step.action !== "update") return observed.state;
  return node.kind.update!(desired, observed, step.change.fields, context);
}

async function waitUntilReady<Context extends RunContext>(
  node: Node<Context>,
  state: unknown,
  desired: Tagged,
  context: Context,
): Promise<unknown> {
  if (node.kind.ready === undefined) return state;
  const began = context.clock.now();
  const readyState = await node.kind.ready(state, desired, context);
  const at = context.clock.now();
  context.emit({
    type: "ready",
    at,
    resource: node.kind.kind,
    name: node.name,
    seconds: (at - began) / 1000,
  });
  return readyState;
}

/** Does the work between a `started` and a `finished` or `failed` event. */
export async function reported<Context extends RunContext, T>(
  node: { readonly kind: { readonly kind: string }; readonly name: string },
  action: Action,
  context: Context,
  work: () => Promise<T>,
): Promise<T> {
  const about = { resource: node.kind.kind, name: node.name, action };
  const began = context.clock.now();
  context.emit({ type: "started", at: began, ...about });
  try {
    const result = await work();
    const at = context.clock.now();
    context.emit({ type: "finished", at, ...about, seconds: (at - began) / 1000 });
    return result;
  } catch (error) {
    const { code = "failed", message } = error as { code?: string; message: string };
    context.emit({ type: "failed", at: context.clock.now(), ...about, code, message });
    throw error;
  }
}

const tagsOf = (fields: readonly { path: string; after: unknown }[]): Record<string, string> =>
  Object.fromEntries(
    fields
      .filter((field) => field.path.startsWith("tags."))
      .map((field) => [field.path.slice("tags.".length), String(field.after)]),
  );
