import { expect, test } from "vitest";
import { appendBounded } from "../../../src/local/core/append-bounded.js";
import { localCloud } from "../../../src/local/index.js";

test("a record keeps its newest items, and never grows beyond a quarter more", () => {
  const record: number[] = [];
  for (let item = 1; item <= 1_000; item++) {
    appendBounded(record, item, 100);
    expect(record.length).toBeLessThan(126);
    expect(record.at(-1)).toBe(item);
  }
  expect(record.length).toBeGreaterThanOrEqual(100);
});

test("a cloud that answers requests for days keeps the newest ones only", async () => {
  await using cloud = localCloud({ clock: "virtual" });
  (cloud.calls as unknown[]).length = 62_499;
  await cloud.ports.sts.getCallerIdentity({});
  expect(cloud.calls).toHaveLength(50_000);
  expect(cloud.calls.at(-1)).toMatchObject({ operation: "getCallerIdentity" });
});
