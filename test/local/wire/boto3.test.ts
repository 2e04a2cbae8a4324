import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { clientEnvironment, describeWithClient } from "./other-clients.js";
import { operations } from "./operations.js";
import { served } from "./served.js";

/** The services whose names in boto3 are not those of their signatures. */
const BOTO_NAMES: Readonly<Record<string, string>> = {
  elasticloadbalancing: "elbv2",
  monitoring: "cloudwatch",
  tagging: "resourcegroupstaggingapi",
};

/** `ecs CreateCluster`, for all operations of the local cloud. */
const everyOperation = async (): Promise<string[]> =>
  [...(await operations())].flatMap(([{ signingName }, names]) =>
    names.map((name) => `${BOTO_NAMES[signingName] ?? signingName} ${name}`),
  );

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
});
