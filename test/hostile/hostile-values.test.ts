import { describe, expect, test } from "vitest";
import { SpecError } from "../../src/index.js";
import { PUBLIC_CALLS, ReachedAws, type PublicCall } from "./calls.js";
import { HOSTILE, placesIn, replaced } from "./values.js";

const SEED = Number(process.env["QUAYSIDE_SEED"]);
/** One of so many places, with every value; `QUAYSIDE_SWEEP=full` takes all of them. */
const SAMPLE = process.env["QUAYSIDE_SWEEP"] === "full" ? 1 : 16;

/** A path begins as the user wrote it; a message is one line that a terminal shows. */
const PATH = /^[A-Za-z_][^\p{Cc}]{0,220}$/u;
const SENTENCE = /^[^\p{Cc}]{10,1000}$/u;

/** What the call has thrown; a call that would reach AWS has passed its validation. */
async function thrownBy(call: PublicCall, args: readonly unknown[]): Promise<unknown> {
  try {
    await call.call(args);
    return undefined;
  } catch (error) {
    return error instanceof ReachedAws ? undefined : error;
  }
}

function problemWith(error: unknown): string | undefined {
  if (error === undefined) return undefined;
  if (!(error instanceof SpecError))
    return error instanceof Error ? (error.stack ?? error.message) : String(error);
  const unclear = error.issues.find(({ path, message }) => !PATH.test(path) || !SENTENCE.test(message));
  if (unclear !== undefined) return JSON.stringify(unclear).slice(0, 300);
  return error.message.length > 60_000 ? `a message of ${error.message.length} characters` : undefined;
}

const calls = PUBLIC_CALLS.map((call, index) => [call.name, index, call] as const);

describe("hostile values", () => {
  test.each(calls)("%s (%i) accepts the arguments in which they are put", async (_name, _index, call) => {
    expect(await thrownBy(call, call.args)).toBeUndefined();
  });

  test.each(calls)(
    "%s (%i) is a success or a SpecError with a path, and never another error",
    async (_name, index, call) => {
      const problems: string[] = [];
      const places = placesIn(call.args).filter((_, at) => at < 2 || (at + index + SEED) % SAMPLE === 0);
      for (const place of places)
        for (const [name, hostile] of HOSTILE) {
          const problem = problemWith(await thrownBy(call, replaced(call.args, place, hostile) as unknown[]));
          if (problem !== undefined) problems.push(`${place.join(".")} = ${name}: ${problem}`);
        }
      expect(problems, `QUAYSIDE_SEED=${SEED}`).toEqual([]);
    },
  );
});
