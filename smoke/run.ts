import type { Env, Step } from "./step.js";
import { failureOf } from "./steps/services.js";

export interface StepResult {
  readonly step: Step;
  /** `failed` also if what it created could not be destroyed. */
  readonly state: "passed" | "failed" | "skipped";
  readonly seconds: number;
  /** The failure, why it was skipped, and what it said. */
  readonly notes: readonly string[];
  /** What could not be destroyed. */
  readonly left: readonly string[];
}

export interface RunSettings {
  /** No step begins that would end later than that, counted from the start. */
  readonly minutes: number;
  /** How many steps run at the same time. */
  readonly lanes: number;
  readonly now: () => number;
  /** The user's first signal: no further step begins, and the ones that run are aborted and destroyed. */
  readonly stop: AbortSignal;
  /** The second one: nothing is destroyed any more. */
  readonly abandon: AbortSignal;
  readonly print: (line: string) => void;
}

/** Runs the steps in their order, several at a time. Each one destroys what it created, also if it failed. */
export async function runSteps(
  steps: readonly Step[],
  env: Omit<Env, "note" | "signal">,
  settings: RunSettings,
): Promise<StepResult[]> {
  const { minutes, lanes, now, stop, print } = settings;
  const began = now();
  const results = new Map<Step, StepResult>();
  const waiting = [...steps];
  const lane = async (): Promise<void> => {
    for (let step = waiting.shift(); step !== undefined; step = waiting.shift()) {
      const skip = reasonToSkip(step, env, stop, began + minutes * 60_000 - now());
      const result = skip === undefined ? await runStep(step, env, settings) : skipped(step, skip);
      results.set(step, result);
      print(`${MARK[result.state]} ${step.name}: ${[result.state, ...result.notes].join("; ")}`);
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return steps.flatMap((step) => results.get(step) ?? []);
}

const MARK = { passed: "✓", failed: "✗", skipped: "-" } as const;

function reasonToSkip(
  step: Step,
  env: Omit<Env, "note" | "signal">,
  stop: AbortSignal,
  left: number,
): string | undefined {
  if (stop.aborted) return "the run was stopped";
  if (step.minutes * 60_000 > left)
    return `it may take ${step.minutes} min, and the time is over before that`;
  return step.unless?.({ ...env, signal: stop, note: () => {} });
}

const skipped = (step: Step, reason: string): StepResult => ({
  step,
  state: "skipped",
  seconds: 0,
  notes: [reason],
  left: [],
});

const VISIBLE_AFTER = 10;

async function runStep(
  step: Step,
  shared: Omit<Env, "note" | "signal">,
  { now, stop, abandon, print }: RunSettings,
): Promise<StepResult> {
  const notes: string[] = [];
  const env: Env = { ...shared, signal: stop, note: (text) => void notes.push(text) };
  const began = now();
  print(`▸ ${step.name}: ${step.title}`);
  let state: StepResult["state"] = "passed";
  try {
    await step.run(env);
  } catch (error) {
    state = "failed";
    notes.push(describeError(error));
  }
  const seconds = Math.round((now() - began) / 1000);
  // A service that was created a moment ago is not listed yet, and would be left with its cluster.
  if (state === "failed" && !abandon.aborted) await env.wait(VISIBLE_AFTER);
  const left = await destroyChains(step, { ...env, signal: abandon });
  if (left.length > 0) state = "failed";
  return { step, state, seconds, notes: [...notes, ...left], left };
}

/** Destroys everything that a step creates, whatever was created of it. Returns what could not be destroyed. */
export async function destroyChains(step: Step, env: Env): Promise<string[]> {
  const left: string[] = [];
  for (const chain of step.chains(env)) {
    const { signal } = env;
    const failure = await failureOf(chain.destroy({ signal })).catch(describeError);
    if (failure !== undefined) left.push(`${step.name} could not be destroyed: ${failure}`);
  }
  return left;
}

export function describeError(error: unknown): string {
  const { code, message } = error as { readonly code?: unknown; readonly message?: unknown };
  return typeof code === "string" ? `${code}: ${String(message)}` : String(message ?? error);
}
