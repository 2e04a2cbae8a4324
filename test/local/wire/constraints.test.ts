import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";
import { expect, test } from "vitest";
import { everyOperation } from "./operations.js";
import { clientEnvironment, describeWithClient } from "./other-clients.js";
import { served } from "./served.js";

describeWithClient("boto3", "the constraints of botocore's models", () => {
  test("are kept by every operation, but those of ECS and EC2, which check their own", async () => {
    const { url } = await served();
    const operations = (await everyOperation()).filter((operation) => !/^(?:ecs|ec2) /.test(operation));
    const client = spawn("python3", ["test/local/wire/constraints.py"], { env: clientEnvironment(url) });
    client.stdin.end(operations.join("\n"));
    const [holes, errors] = await Promise.all([text(client.stdout), text(client.stderr)]);
    expect(errors).toBe("");
    expect(holes.trim().split("\n")).toEqual([""]);
  });
});
