import { expect } from "vitest";
import { AbortedError, QuaysideError, type OperationOptions } from "../../src/index.js";
import type { LocalCloud } from "../../src/local/index.js";
import { sharedAccount, tagsKnown } from "./account.js";
import { comparable } from "./comparable.js";
import {
  addForeignResourcesInside,
  foreignResourcesInside,
  removeForeignResourcesInside,
} from "./foreign-resources-inside.js";
import type { Watch } from "./full-capacity.js";
import { mortal, type Mortal } from "./mortal.js";
import { positionsOf, type FaultName, type Position, type SweptCalls } from "./sweep-positions.js";
import { chosen, SAMPLE } from "./sweep-sample.js";

interface Deployable {
  deploy(options?: OperationOptions): Promise<unknown>;
  destroy(): Promise<unknown>;
}

export interface Sweep extends SweptCalls {
  /** The chain that is deployed when the sweep begins, or what else brings a fresh account there. @defaultValue nothing */
  readonly from?: ((cloud: LocalCloud) => Deployable) | undefined;
  readonly before?: (cloud: LocalCloud) => Promise<unknown>;
  /** The account that each run begins in. @defaultValue `sharedAccount` */
  readonly account?: () => Promise<LocalCloud>;
  /** The chain whose deploy meets the faults. */
  readonly to?: (cloud: LocalCloud) => Deployable;
  /** Instead of `to`: another run that meets the faults. */
  readonly run?: (cloud: LocalCloud, options?: OperationOptions) => Promise<unknown>;
  /** Removes what the run leaves; the account must then be as it was before the sweep. `"destroy"`: that of `to`. */
  readonly after?: "destroy" | ((cloud: LocalCloud) => Promise<unknown>);
  /** Watches the account during each run. Its `gaps` must stay empty. */
  readonly watch?: (cloud: LocalCloud) => Watch;
  /**
   * Where foreign resources are: also inside of what exists when the sweep begins, or only beside it, if the
   * sweep is about what is deleted when nothing else uses it.
   *
   * @defaultValue `"inside"`
   */
  readonly foreign?: "inside" | "beside";
}

interface Scenario {
  readonly account: () => Promise<LocalCloud>;
  readonly begin: (cloud: LocalCloud) => Promise<void>;
  readonly run: (cloud: LocalCloud, options?: OperationOptions) => Promise<unknown>;
  readonly end: ((cloud: LocalCloud) => Promise<unknown>) | undefined;
  readonly watch: Sweep["watch"];
}

/**
 * Runs once for each fault at each call, and then once more without a fault: the account must end up as if
 * the fault had not happened, and all foreign resources must be unchanged. Without `QUAYSIDE_SWEEP=full` only
 * a part of the positions is run (see `sweep-sample.ts`).
 *
 * @returns The number of all positions, run or not.
 */
export async function sweep(options: Sweep): Promise<number> {
  const scenario = scenarioOf(options);
  const fresh = await scenario.account();
  const pristine = comparable(fresh);
  await scenario.begin(fresh);
  const begun = fresh.calls.length;
  const foreign = foreignResourcesInside(fresh);
  await scenario.run(fresh);
  expect(foreignResourcesInside(fresh), "foreign resources are unchanged").toEqual(foreign);
  const expected = comparable(fresh);
  const positions = positionsOf(fresh.calls.slice(begun), options);
  await fresh.close();

  for (const position of chosen(positions)) await meetFault(scenario, position, { expected, pristine });
  return positions.length;
}

function scenarioOf({ account, from, before, to, run, after, watch, foreign }: Sweep): Scenario {
  return {
    // The run that follows an interrupted one begins at once: the tagging API does not know yet what that one made.
    account: account ?? (() => sharedAccount()),
    begin: async (cloud) => {
      await from?.(cloud).deploy();
      await before?.(cloud);
      if (foreign !== "beside") await addForeignResourcesInside(cloud);
      await tagsKnown(cloud);
    },
    run: run ?? ((cloud, options) => to!(cloud).deploy(options)),
    end: after === "destroy" ? (cloud) => to!(cloud).destroy() : after,
    watch,
  };
}

async function meetFault(
  scenario: Scenario,
  position: Position,
  states: { readonly expected: unknown; readonly pristine: unknown },
): Promise<void> {
  const { fault, index, operation } = position;
  const where = `${fault} at call ${index + 1} (${operation}); ${SAMPLE}`;
  const cloud = await scenario.account();
  await scenario.begin(cloud);
  const watch = scenario.watch?.(cloud);
  const abort = new AbortController();
  const process = mortal(cloud);
  inject(cloud, { fault, index, abort, process });

  const error = await Promise.race([
    scenario.run(process.cloud, { signal: abort.signal }).catch((thrown: unknown) => thrown),
    process.died.then(() => new Killed()),
  ]);
  cloud.faults.clear();
  if (error instanceof Error) {
    if (!(error instanceof Killed)) {
      expect(error, where).toBeInstanceOf(QuaysideError);
      expect((error as QuaysideError).fix, `${where}: ${error.message} has a fix`).toBeTruthy();
    }
    if (fault.startsWith("aborted")) expect(error, where).toBeInstanceOf(AbortedError);
    await scenario.run(cloud);
  }
  expect(comparable(cloud), `${where}, then run again`).toEqual(states.expected);
  expect(watch?.gaps ?? [], where).toEqual([]);
  watch?.stop();

  if (scenario.end !== undefined && error instanceof Error) {
    await removeForeignResourcesInside(cloud);
    await tagsKnown(cloud);
    await scenario.end(cloud);
    expect(comparable(cloud), `${where}, then run again and destroyed`).toEqual(states.pristine);
  }
  await cloud.close();
}

/** What stands for the error of a run whose process was killed: it has none. */
class Killed extends Error {}

interface Injection {
  readonly fault: FaultName;
  readonly index: number;
  readonly abort: AbortController;
  readonly process: Mortal<LocalCloud>;
}

function inject(cloud: LocalCloud, { fault, index, abort, process }: Injection): void {
  const nth = index + 1;
  switch (fault) {
    case "refused":
      return void cloud.faults.inject({ nth, kind: "refuse", code: "AccessDeniedException", message: "no" });
    case "throttled":
      return void cloud.faults.inject({ nth, kind: "throttled" });
    case "failed after the effect":
      return void cloud.faults.inject({ nth, kind: "error-after" });
    case "response lost":
      return void cloud.faults.inject({ nth, kind: "response-lost" });
    case "aborted before":
      return void cloud.faults.inject({ nth, kind: "abort", run: abort, when: "before" });
    case "aborted after":
      return void cloud.faults.inject({ nth, kind: "abort", run: abort, when: "after" });
    case "killed after":
      return void cloud.faults.inject({ nth, kind: "abort", run: process.kill, when: "after" });
  }
}
