import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { clientEnvironment, describeWithClient } from "./other-clients.js";
import { everyOperation } from "./operations.js";
import { served } from "./served.js";

describeWithClient("boto3", "boto3", () => {
  test("reads an answer of every operation that the local cloud has", async () => {
    const { url } = await served({
      startsAt: new Date(),
      certificates: [{ domain: "talk.example.com" }, { domain: "speaker.example.com" }],
    });
    const run = promisify(execFile)("python3", ["test/local/wire/every-operation.py"], {
      env: clientEnvironment(url),
    });
    const { stdout, stderr } = await run.catch((error: { stdout: string; stderr: string }) => error);
    expect(stderr).toBe("");
    const read = new Set(stdout.trim().split("\n"));
    expect((await everyOperation()).filter((operation) => !read.has(operation))).toEqual([]);
  });

  test("creates a service whose releases ECS shifts between two target groups, and reads which of them serves", async () => {
    const { url } = await served();
    const run = promisify(execFile)("python3", ["test/local/wire/blue-green.py"], {
      env: clientEnvironment(url),
    });
    const { stdout, stderr } = await run.catch((error: { stdout: string; stderr: string }) => error);
    expect(stderr).toBe("");
    expect(stdout.trim().split("\n")).toEqual(["store:1 CLEAN_UP 100 green", "store:2 CLEAN_UP 100 blue"]);
  });
});
