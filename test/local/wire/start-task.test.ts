import { ECS } from "@aws-sdk/client-ecs";
import { expect, test } from "vitest";
import { clientOptions, served } from "./served.js";

test("StartTask reports a container instance that does not exist as a failure, and needs at least one", async () => {
  const { url } = await served();
  const ecs = new ECS(clientOptions(url));
  await ecs.createCluster({ clusterName: "main" });
  await ecs.registerTaskDefinition({
    family: "talk",
    containerDefinitions: [{ name: "talk", image: "talk:1", memory: 64 }],
  });
  const start = (...containerInstances: string[]) =>
    ecs.startTask({ cluster: "main", taskDefinition: "talk", containerInstances });
  const arn = "arn:aws:ecs:eu-west-1:123456789012:container-instance/main/0123456789abcdef0123456789abcdef";
  expect(await start("0123456789abcdef0123456789abcdef")).toMatchObject({
    tasks: [],
    failures: [{ arn, reason: "MISSING" }],
  });
  await expect(start()).rejects.toMatchObject({
    name: "InvalidParameterException",
    message: "Container Instances cannot be empty.",
  });
});
