import { expect, test } from "vitest";
import { runExample } from "./run-example.js";

test("npm start deploys the talk-service, gets answers from two hosts, and destroys everything", async () => {
  const out = await runExample("talk-service/deploy.ts", "--once");
  const hosts = new Set([...out.matchAll(/Talk details returned by (\S+)/g)].map((match) => match[1]));
  expect(hosts.size).toBe(2);
  expect(out).toMatch(/Plan: \d+ to create/);
  expect(out).toMatch(/talk-service answers at http:\/\/127\.0\.0\.1:\d+\/talk/);
  expect(out).toMatch(/Healthy: 2 of 2 tasks run on 2 instances/);
  expect(out).toMatch(/\d+ resources were deleted/);
  expect(out).not.toMatch(/kept:/);
});
