import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { localCloud } from "../../../src/local/index.js";
import { createServices } from "../../../src/local/services/create-services.js";
import { WIRE_SERVICES } from "../../../src/local/wire/wire-services.js";
import { clientEnvironment, describeWithClient } from "./other-clients.js";
import { served } from "./served.js";

/** The services whose names in boto3 are not those of their signatures. */
const BOTO_NAMES: Readonly<Record<string, string>> = {
  elasticloadbalancing: "elbv2",
  monitoring: "cloudwatch",
  tagging: "resourcegroupstaggingapi",
};

/** `ecs CreateCluster`, for all operations of the local cloud. */
async function everyOperation(): Promise<string[]> {
  await using cloud = localCloud({ clock: "virtual" });
  const services = Object.entries(createServices(cloud.account));
  return services.flatMap(([name, handlers]) => {
    const { signingName } = WIRE_SERVICES.find(({ service }) => service === name)!;
    return Object.keys(handlers as object).map(
      (method) =>
        `${BOTO_NAMES[signingName] ?? signingName} ${method.charAt(0).toUpperCase()}${method.slice(1)}`,
    );
  });
}

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
