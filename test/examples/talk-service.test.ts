import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { expect, test } from "vitest";

test("npm start deploys the talk-service, gets answers from two hosts, and destroys everything", async () => {
  const child = spawn(process.execPath, ["--import", "tsx", "examples/talk-service/deploy.ts", "--once"], {
    env: { ...process.env, NO_COLOR: "1", FORCE_COLOR: undefined },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const [out, err, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, "exit")]);

  expect({ code, err }).toEqual({ code: 0, err: "" });
  const hosts = new Set([...out.matchAll(/Talk details returned by (\S+)/g)].map((match) => match[1]));
  expect(hosts.size).toBe(2);
  expect(out).toMatch(/Plan: \d+ to create/);
  expect(out).toMatch(/talk-service answers at http:\/\/127\.0\.0\.1:\d+\/talk/);
  expect(out).toMatch(/Healthy: 2 of 2 tasks run on 2 instances/);
  expect(out).toMatch(/\d+ resources were deleted/);
  expect(out).not.toMatch(/kept:/);
});
