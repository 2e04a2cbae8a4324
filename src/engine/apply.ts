import { OwnershipError, QuaysideError } from "../errors.js";
import { attribute } from "./attribution.js";
import type { Action } from "./events.js";
import type { Graph, Node } from "./graph.js";
import type { RunContext, Tagged } from "./kind.js";
import { contextForOwner } from "./kind.js";
import { unknownStates } from "./look-ahead.js";
import { desiredOf } from "./observe.js";
import { Narrowings } from "./narrowings.js";
import { RunLog } from "./outcome.js";
import { isOwnedBy, OWNER_TAG } from "./ownership.js";
import type { Change } from "./plan.js";
import { shownChange } from "./sensitive.js";
import { notCreated, planStep, type Step } from "./steps.js";
import { VainWaits } from "./vain-waits.js";

/** A node that is being applied: `created` gives its state, `ready` waits until it is usable. */
interface RunningNode {
  readonly created: Promise<unknown>;
  readonly ready: () => Promise<unknown>;
}

/** Ends a node that was not started because one of its needs failed; never the error of the run. */
class NotStarted extends Error {}

/**
 * Applies the steps in parallel, each as soon as its needs are met. A failed node stops only what depends
 * on it: everything else finishes before the error is thrown.
 *
 * @returns what was applied, once the graph's goals are ready
 */
export async function apply<Context extends RunContext>(
  graph: Graph<Context>,
  steps: readonly Step<Context>[],
  context: Context,
  options: ApplyOptions = {},
): Promise<Applied> {
  const applied = await applySettled(graph, steps, context, options);
  if (applied.log.failed) throw applied.log.error(context.signal);
  return applied;
}

export interface ApplyOptions {
  /** True if the run waits for its goals although something has failed. @defaultValue `false` */
  readonly waitsForAll?: boolean;
  /** Is waited for before a resource of a kind is created. */
  readonly before?: (kind: string) => Promise<void> | undefined;
}

/** What a run has applied, and what not. */
export interface Applied {
  /** The states of the nodes that were applied; of the goals, those that are ready. */
  readonly states: ReadonlyMap<string, unknown>;
  readonly log: RunLog;
  /** Takes away what only former users of the updated resources needed; of some owners only, if given. */
  readonly narrow: (isOf?: (owner: string | undefined) => boolean) => Promise<void>;
}

/** Like `apply`, but returns what has failed. Only an aborted run is an error. */
export async function applySettled<Context extends RunContext>(
  graph: Graph<Context>,
  steps: readonly Step<Context>[],
  context: Context,
  { waitsForAll = false, before }: ApplyOptions = {},
): Promise<Applied> {
  const log = new RunLog();
  const running = new Map<string, RunningNode>();
  const states = new Map<string, unknown>();
  const narrowings = new Narrowings();
  const vainWaits = new VainWaits(graph);
  for (const step of steps) {
    // Others of the run may still need what one of them waits for in vain.
    const waitSignal = waitsForAll ? context.signal : vainWaits.signalFor(step.node.id, context.signal);
    const unknown = () => unknownStates(step.node, graph);
    running.set(
      step.node.id,
      start(step, running, { log, narrowings }, context, waitSignal, before, unknown),
    );
  }

  await Promise.allSettled(
    [...running].map(async ([id, node]) => {
      let isDone = false;
      try {
        states.set(id, await node.created);
        // Once the run has failed, waiting for its goals would only delay the error.
        const isAwaited = graph.goals.has(id) && (waitsForAll || !log.failed);
        if (isAwaited) states.set(id, await node.ready());
        isDone = true;
      } finally {
        vainWaits.settle(id, isDone);
      }
    }),
  );
  if (context.signal.aborted) throw log.error(context.signal);
  return { states, log, narrow: (isOf) => narrowings.narrow(log, context.signal, isOf) };
}

function start<Context extends RunContext>(
  step: Step<Context>,
  running: ReadonlyMap<string, RunningNode>,
  { log, narrowings }: { readonly log: RunLog; readonly narrowings: Narrowings },
  runContext: Context,
  waitSignal: AbortSignal,
  before: ApplyOptions["before"],
  unknown: () => Record<string, unknown>,
): RunningNode {
  const { node } = step;
  const context = contextForOwner(node.owner, runContext);
  const deployment = runContext.deploymentOf?.(node.owner);
  const entry = step.action === "none" ? undefined : log.plan(step.change, deployment);
  let desired: Tagged;
  let isTouched = false;

  const recordFailure = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof NotStarted)) log.fail(attribute(error, deployment));
      throw error;
    }
  };

  const { begin } = node.kind;
  const begun = step.action === "create" ? begin?.(desiredOf(node, unknown()), context) : undefined;
  begun?.catch(() => {});

  const notStarted = (cause: unknown): never => {
    throw new NotStarted(`${node.id} was not started`, { cause });
  };

  const applyNode = async (): Promise<unknown> => {
    const states = Object.fromEntries(
      await Promise.all(
        node.needs.map(async ([key, need]) => {
          const needed = running.get(need.ref.id)!;
          const state = await (need.until === "ready" ? needed.ready() : needed.created).catch(notStarted);
          return [key, state] as const;
        }),
      ),
    );
    for (const id of step.after ?? []) await running.get(id)!.created.catch(notStarted);
    context.signal.throwIfAborted();
    return recordFailure(async () => {
      desired = desiredOf(node, states);
      // The plan may have compared values that are known only now.
      const currentStep = planStep({ node, desired, observed: step.observed });
      isTouched = currentStep.action !== "none";
      if (currentStep.action === "create") await before?.(node.kind.kind);
      const state = await applyStep(currentStep, desired, narrowings, context, begun);
      if (entry !== undefined) log.done(entry);
      return state;
    });
  };

  /** Of what this run does not touch, it is still known whether it was usable. */
  const readyContext = () => (isTouched ? context : (context.asObserved?.() ?? context));

  // Nothing is under way once the run has ended.
  const created = applyNode().finally(() => begun?.catch(() => {}));
  created.catch(() => {});
  let ready: Promise<unknown> | undefined;
  return {
    created,
    ready: () => {
      ready ??= created.then((state) =>
        recordFailure(() =>
          waitUntilReady(node, state, desired, { ...readyContext(), signal: waitSignal }).catch(
            (error: unknown) => {
              const isInVain = waitSignal.aborted && !context.signal.aborted;
              throw isInVain ? new NotStarted(`${node.id} was not waited for`, { cause: error }) : error;
            },
          ),
        ),
      );
      ready.catch(() => {});
      return ready;
    },
  };
}

async function applyStep<Context extends RunContext>(
  step: Step<Context>,
  desired: Tagged,
  narrowings: Narrowings,
  context: Context,
  begun: Promise<unknown> | undefined,
): Promise<unknown> {
  const { node, observed, action, change, completed } = step;
  const { kind } = node;
  if (action === "none") return kind.derive?.(desired) ?? observed?.state ?? kind.unknown;
  if (action === "replace") throw cannotReplace([change]);
  const needs = node.needs.map(([, { ref }]) => ref.id);
  const work = async () => {
    if (observed !== undefined) {
      const tags = { ...desired.tags, ...tagsOf(change.fields) };
      return narrowings.update(node, { ...(completed ?? desired), tags }, observed, change.fields, context);
    }
    try {
      return await kind.create!(desired, context, begun);
    } catch (error) {
      if (kind.alreadyExists?.(error) !== true) throw error;
      return resumeFromExisting(node, desired, error, narrowings, context);
    }
  };
  return reported(node, action, context, work, needs);
}

/** Names are deterministic, so only the user can give the replacement a name that is free. */
export function cannotReplace(changes: readonly Change[]): QuaysideError {
  const named = changes.map((change) => `${change.resource} ${change.name} (${change.reason})`).join(", ");
  return new QuaysideError(
    "replacement-needed",
    `Nothing was changed: AWS cannot change this in place: ${named}`,
    {
      facts: { changes: changes.map((change) => shownChange(change, {}, false)) },
      fix: "Give it a different name in the chain: the replacement is created first, and the old resource is removed once the new one works. Or restore the old value.",
    },
  );
}

/** The resource already exists: a response was lost, or another run was faster. Continues if quayside manages it. */
async function resumeFromExisting<Context extends RunContext>(
  node: Node<Context>,
  desired: Tagged,
  cause: unknown,
  narrowings: Narrowings,
  context: Context,
): Promise<unknown> {
  const observed = await node.kind.read(desired, context);
  if (observed === undefined) throw cause;
  if (observed.elsewhere !== undefined && node.claim !== "share") {
    const { place, fix } = observed.elsewhere;
    throw new OwnershipError(`${node.kind.kind} ${node.name} was not created: it belongs to ${place}`, {
      cause,
      fix,
    });
  }
  if (node.claim !== "share" && !isOwnedBy(observed.tags, node.owner)) {
    throw notCreated(node, desired, observed.tags[OWNER_TAG], cause);
  }
  const step = planStep({ node, desired, observed });
  if (step.action !== "update") return observed.state;
  return narrowings.update(node, step.completed ?? desired, observed, step.change.fields, context);
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

/** Emits `started` before the work, and `finished` or `failed` after it. */
export async function reported<Context extends RunContext, T>(
  node: { readonly kind: { readonly kind: string }; readonly name: string },
  action: Action,
  context: Context,
  work: () => Promise<T>,
  needs: readonly string[] = [],
): Promise<T> {
  const step = { resource: node.kind.kind, name: node.name, action };
  const began = context.clock.now();
  context.emit({ type: "started", at: began, ...step, ...(needs.length > 0 && { needs }) });
  try {
    const result = await work();
    const at = context.clock.now();
    context.emit({ type: "finished", at, ...step, seconds: (at - began) / 1000 });
    return result;
  } catch (error) {
    const { code = "failed", message } = error as { code?: string; message: string };
    context.emit({ type: "failed", at: context.clock.now(), ...step, code, message });
    throw error;
  }
}

const tagsOf = (fields: readonly { path: string; after: unknown }[]): Record<string, string> =>
  Object.fromEntries(
    fields
      .filter((field) => field.path.startsWith("tags."))
      .map((field) => [field.path.slice("tags.".length), String(field.after)]),
  );
