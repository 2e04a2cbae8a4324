import fc from "fast-check";
import { expect, test } from "vitest";
import { randomRun } from "./chains.js";
import { checkRun } from "./check.js";

test("random chains: an empty plan after each deploy, no write by a second one, and nothing left by a destroy", async () => {
  const seed = Number(process.env["QUAYSIDE_SEED"] ?? 1);
  const result = await fc.check(fc.asyncProperty(randomRun, checkRun), { seed, numRuns: 60 });
  expect(result.failed, fc.defaultReportMessage(result)).toBe(false);
});
