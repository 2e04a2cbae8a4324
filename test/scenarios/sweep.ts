import { expect } from "vitest";
import { AbortedError, QuaysideError, type ActOptions } from "../../src/index.js";
import type { LocalCloud, RecordedCall } from "../../src/local/index.js";
import { sharedAccount } from "./account.js";
import { comparable } from "./comparable.js";
import { addStrangersInside, removeStrangersInside, strangersInside } from "./foreign-resources-inside.js";
import type { Watch } from "./full-capacity.js";

interface Scenario {
  /** Brings a fresh account to where the scenario begins. */
  readonly before: (cloud: LocalCloud) => Promise<unknown>;
  readonly run: (cloud: LocalCloud, options?: ActOptions) => Promise<unknown>;
  /** Which calls meet faults. @defaultValue all */
  readonly only?: (call: RecordedCall) => boolean;
  /**
   * Which reads meet faults. A run that ends between the same two writes has left the same account behind:
   * `telling` is the last read of each such stretch, and the first of each kind once something is written.
   *
   * @defaultValue `"all"`
   */
  readonly reads?: "all" | "telling";
  /** Looks at the account all the while, and says what was not as it should be. */
  readonly watch?: (cloud: LocalCloud) => Watch;
  /**
   * Where others' things are: in what the scenario has made when it begins, too, or only beside it, where the
   * scenario is about what goes when nobody else uses it.
   *
   * @defaultValue `"inside"`
   */
  readonly strangers?: "inside" | "beside";
  /** Takes away what the scenario leaves, where it leaves anything. */
  readonly after?: (cloud: LocalCloud) => Promise<unknown>;
}

/** On a read only what ends the run matters: retries of reads have no effect to repeat. */
const READ_FAULTS = ["refused", "aborted before"] as const;
const WRITE_FAULTS = [
  ...READ_FAULTS,
  "throttled",
  "failed after the effect",
  "response lost",
  "aborted after",
] as const;
type FaultName = (typeof WRITE_FAULTS)[number];

/**
 * Runs the scenario once for each fault at each of its calls, and then once more without: the account
 * must end up as if nothing had happened, and everything of others must be as it was.
 *
 * @returns how many runs that were.
 */
export async function sweep(scenario: Scenario): Promise<number> {
  const fresh = await sharedAccount();
  const pristine = comparable(fresh);
  await begin(scenario, fresh);
  const begun = fresh.calls.length;
  const theirs = strangersInside(fresh);
  await scenario.run(fresh);
  expect(strangersInside(fresh), "what others have is as it was").toEqual(theirs);
  const expected = comparable(fresh);
  const calls = fresh.calls.slice(begun);
  await fresh.close();

  let runs = 0;
  const telling = tellingReads(calls);
  for (const [index, call] of calls.entries()) {
    if (scenario.only?.(call) === false) continue;
    if (scenario.reads === "telling" && !call.write && !telling.has(index)) continue;
    for (const fault of call.write ? WRITE_FAULTS : READ_FAULTS) {
      await meetFault(scenario, fault, index, call, { expected, pristine });
      runs++;
    }
  }
  return runs;
}

async function begin({ before, strangers }: Scenario, cloud: LocalCloud): Promise<void> {
  await before(cloud);
  if (strangers !== "beside") await addStrangersInside(cloud);
}

function tellingReads(calls: readonly RecordedCall[]): ReadonlySet<number> {
  const firstWrite = calls.findIndex(({ write }) => write);
  const seen = new Set<string>();
  return new Set(
    calls.flatMap(({ write, operation }, index) => {
      if (write || index < firstWrite - 1) return [];
      const isLast = calls[index + 1]?.write !== false;
      const isNew = !seen.has(operation);
      seen.add(operation);
      return isLast || isNew ? [index] : [];
    }),
  );
}

async function meetFault(
  scenario: Scenario,
  fault: FaultName,
  index: number,
  call: RecordedCall,
  states: { readonly expected: unknown; readonly pristine: unknown },
): Promise<void> {
  const where = `${fault} at call ${index + 1} (${call.operation})`;
  const cloud = await sharedAccount();
  await begin(scenario, cloud);
  const watch = scenario.watch?.(cloud);
  const abort = new AbortController();
  inject(cloud, fault, index, abort);

  const error = await scenario.run(cloud, { signal: abort.signal }).catch((thrown: unknown) => thrown);
  cloud.faults.clear();
  if (error instanceof Error) {
    expect(error, where).toBeInstanceOf(QuaysideError);
    expect((error as QuaysideError).fix, `${where}: ${error.message} says what to do`).toBeTruthy();
    if (fault.startsWith("aborted")) expect(error, where).toBeInstanceOf(AbortedError);
    await scenario.run(cloud);
  }
  expect(comparable(cloud), `${where}, then run again`).toEqual(states.expected);
  expect(watch?.gaps ?? [], where).toEqual([]);
  watch?.stop();

  if (scenario.after !== undefined && error instanceof Error) {
    await removeStrangersInside(cloud);
    await scenario.after(cloud);
    expect(comparable(cloud), `${where}, then run again and taken away`).toEqual(states.pristine);
  }
  await cloud.close();
}

function inject(cloud: LocalCloud, fault: FaultName, index: number, abort: AbortController): void {
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
  }
}
