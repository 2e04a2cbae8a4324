import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { compare, type Difference } from "./compare.js";
import { leftovers } from "./leftovers.js";
import { toMarkdown } from "./page.js";
import { describeError, destroyChains, runSteps, type StepResult } from "./run.js";
import type { Step } from "./step.js";
import { localTarget, type Target } from "./target.js";

export interface SmokeOptions {
  readonly steps: readonly Step[];
  readonly target: Target;
  /** What the answers are compared with. @defaultValue the local cloud */
  readonly beside?: Target;
  /** Where the page is written. */
  readonly folder: string;
  readonly minutes: number;
  readonly stop: AbortSignal;
  readonly abandon: AbortSignal;
  readonly print: (line: string) => void;
}

export interface SmokeResult {
  readonly results: readonly StepResult[];
  readonly differences: readonly Difference[];
  /** What the account still has of the run. */
  readonly left: readonly string[];
  /** The path of the page of differences. */
  readonly page: string;
}

/** Steps that run at the same time: each has names of its own, and mostly waits. */
const LANES = 3;

/** Runs the steps, clears the account, compares the recordings with the local cloud's, and writes the page. */
export async function smoke(options: SmokeOptions): Promise<SmokeResult> {
  const { steps, target, folder, print } = options;
  const { id } = target.env;
  const run = await runIn(target, steps, options);
  const left = await clear(target, run, options.abandon);

  print("The same steps run on the local cloud …");
  const begun = run.results.filter(({ state }) => state !== "skipped").map(({ step }) => step);
  const beside = options.beside ?? localTarget(id, { region: target.region });
  const never = new AbortController().signal;
  const local = await runIn(beside, begun, {
    minutes: Infinity,
    stop: never,
    abandon: never,
    print: () => {},
  });
  await leftovers(id, cloudsOf(beside), beside.env.wait);
  const differences = compare(target.recordings(), beside.recordings());
  await beside.close();

  mkdirSync(folder, { recursive: true });
  const page = join(folder, "differences.md");
  const { place, region } = target;
  writeFileSync(
    page,
    toMarkdown({ id, place, region, aws: run.results, local: local.results, differences, left }),
  );
  return { results: run.results, differences, left, page };
}

/** Destroys what the steps of a run have left. Returns what the account still has. */
export async function clean(target: Target, steps: readonly Step[], signal: AbortSignal): Promise<string[]> {
  const { env } = target;
  const left = await Promise.all(
    steps.map((step) => destroyChains(step, { ...env, signal, note: () => {} })),
  );
  return clear(target, { results: [], failure: left.flat() }, signal);
}

interface Run {
  readonly results: readonly StepResult[];
  readonly failure: readonly string[];
}

async function runIn(
  target: Target,
  steps: readonly Step[],
  settings: Pick<SmokeOptions, "minutes" | "stop" | "abandon" | "print">,
): Promise<Run> {
  try {
    await target.prepare();
    return {
      results: await runSteps(steps, target.env, { ...settings, lanes: LANES, now: target.now }),
      failure: [],
    };
  } catch (error) {
    return { results: [], failure: [`The account could not be prepared: ${describeError(error)}`] };
  }
}

async function clear(target: Target, { results, failure }: Run, abandon: AbortSignal): Promise<string[]> {
  const own = abandon.aborted
    ? ["The parameter and the VPC of the run, and what AWS does not list yet."]
    : await target.clear();
  const { env } = target;
  const listed = await leftovers(env.id, cloudsOf(target), abandon.aborted ? async () => {} : env.wait).catch(
    (error: unknown) => [`What is left could not be listed: ${describeError(error)}`],
  );
  return [...failure, ...results.flatMap(({ left }) => left), ...own, ...listed];
}

const cloudsOf = ({ env }: Target) => [env.cloud, env.secondRegion];
