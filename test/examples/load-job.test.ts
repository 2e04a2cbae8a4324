import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { expect, test } from "vitest";

test("the load job's tasks send requests through the load balancer, report the results, and are deleted", async () => {
  const child = spawn(
    process.execPath,
    ["--import", "tsx", "examples/load-job.ts", "--tasks", "3", "--seconds", "1"],
    { env: { ...process.env, NO_COLOR: "1", FORCE_COLOR: undefined }, stdio: ["ignore", "pipe", "pipe"] },
  );
  const [out, err, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, "exit")]);

  expect({ code, err }).toEqual({ code: 0, err: "" });
  const answered = [...out.matchAll(/^[0-9a-f]{8} +(\d+) +0 .* ms$/gm)].map(([, count]) => Number(count));
  expect(answered).toHaveLength(3);
  expect(Math.min(...answered)).toBeGreaterThan(0);
  const sum = answered.reduce((one, other) => one + other);
  expect(out).toContain(`\n${sum} requests were answered, 0 failed.\n`);
  expect(out).toContain("Both were deleted; remaining: 0\n");
});
