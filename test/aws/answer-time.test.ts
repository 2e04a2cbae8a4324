import { expect, test } from "vitest";
import { createContext } from "../../src/aws/create-context.js";
import { localCloud } from "../../src/local/index.js";

test("a cleanup has its time in real seconds on a clock that is faster", async () => {
  await using cloud = localCloud({ timeScale: 10_000 });
  const context = await createContext(cloud, { signal: new AbortController().signal, emit: () => {} });
  // An hour of AWS, in which a busy computer may be while AWS answers.
  const aborted = await context.cleanUp(async ({ signal }) => {
    await cloud.clock.sleep(3_600_000);
    return signal.aborted;
  });
  expect(aborted).toBe(false);
});
