import { expect, test } from "vitest";
import { runExample } from "./run-example.js";

test("the load job's tasks send requests through the load balancer, report the results, and are deleted", async () => {
  const out = await runExample("load-job.ts", "--tasks", "3", "--seconds", "1");
  const answered = [...out.matchAll(/^[0-9a-f]{8} +(\d+) +0 .* ms$/gm)].map(([, count]) => Number(count));
  expect(answered).toHaveLength(3);
  expect(Math.min(...answered)).toBeGreaterThan(0);
  const sum = answered.reduce((one, other) => one + other);
  expect(out).toContain(`\n${sum} requests were answered, 0 failed.\n`);
  expect(out).toContain("Both were deleted; remaining: 0\n");
});
