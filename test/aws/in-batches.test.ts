import { expect, test } from "vitest";
import { inBatches, toBatches } from "../../src/aws/in-batches.js";

test("items are divided into batches in their order, the last one with what is left", () => {
  expect(toBatches([1, 2, 3, 4, 5], 2)).toEqual([[1, 2], [3, 4], [5]]);
  expect(toBatches([1, 2], 2)).toEqual([[1, 2]]);
  expect(toBatches([], 2)).toEqual([]);
});

test("batches are sent one after another, and their results become one list", async () => {
  const log: string[] = [];
  const results = await inBatches(["a", "b", "c"], 2, async (batch) => {
    log.push(`send ${batch.join("")}`);
    await Promise.resolve();
    log.push(`answer ${batch.join("")}`);
    return batch.map((item) => item.toUpperCase());
  });
  expect(results).toEqual(["A", "B", "C"]);
  expect(log).toEqual(["send ab", "answer ab", "send c", "answer c"]);
});

test("no items, no call", async () => {
  expect(await inBatches([], 2, () => Promise.reject(new Error("called")))).toEqual([]);
});
