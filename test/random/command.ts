/*
 * `npm run random -- --count 2000 --seed 1`: as many random chains, with the seed and the smallest description of the
 * first failure. `--path` of a failure runs that one only.
 */
import { parseArgs } from "node:util";
import fc from "fast-check";
import { randomRun } from "./chains.js";
import { checkRun } from "./check.js";

const { values } = parseArgs({
  options: {
    count: { type: "string", default: "2000" },
    seed: { type: "string", default: "1" },
    path: { type: "string" },
  },
});

let done = 0;
const property = fc.asyncProperty(randomRun, async (run) => {
  await checkRun(run);
  done += 1;
  if (done % 100 === 0) console.error(`${done} of ${values.count}`);
});
const result = await fc.check(property, {
  seed: Number(values.seed),
  numRuns: Number(values.count),
  ...(values.path !== undefined && { path: values.path }),
});
if (result.failed) {
  console.error(fc.defaultReportMessage(result));
  console.error((result.errorInstance as Error | null)?.stack);
  process.exitCode = 1;
} else {
  console.log(`${result.numRuns} random chains, seed ${result.seed}: 0 failures`);
}
