import { IAM } from "@aws-sdk/client-iam";
import { ECS } from "@aws-sdk/client-ecs";
import { setTimeout as pause } from "node:timers/promises";
import { expect, test } from "vitest";
import { clientOptions, served } from "./served.js";

test("for a client that only waits, a virtual clock passes 20 times faster than the client's own", async () => {
  const { cloud, url } = await served();
  const ecs = new ECS(clientOptions(url));
  await ecs.listClusters({});
  const before = cloud.clock.now();
  await pause(200);
  await ecs.listClusters({});
  expect(cloud.clock.now() - before).toBeGreaterThanOrEqual(200 * 20 * 0.9);
});

test("a new role can be passed after a while, also on a virtual clock", async () => {
  const { url } = await served({ eventualConsistency: true });
  const trust = {
    Effect: "Allow",
    Principal: { Service: "ecs-tasks.amazonaws.com" },
    Action: "sts:AssumeRole",
  };
  const { Role } = await new IAM(clientOptions(url)).createRole({
    RoleName: "talk",
    AssumeRolePolicyDocument: JSON.stringify({ Version: "2012-10-17", Statement: [trust] }),
  });
  const register = () =>
    new ECS(clientOptions(url)).registerTaskDefinition({
      family: "talk",
      taskRoleArn: Role!.Arn,
      containerDefinitions: [{ name: "talk", image: "talk:1", memory: 64 }],
    });
  await expect(register()).rejects.toMatchObject({ name: "AccessDeniedException" });
  await expect.poll(() => register().then(() => "registered"), { timeout: 20_000 }).toBe("registered");
});
