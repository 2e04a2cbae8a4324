import { ECS } from "@aws-sdk/client-ecs";
import { IAM } from "@aws-sdk/client-iam";
import { STS } from "@aws-sdk/client-sts";
import { expect, test } from "vitest";
import { localAccount, localCloud } from "../../../src/local/index.js";
import { clientOptions, served } from "./served.js";

test("an access key id of twelve digits names the account, any other one means the cloud's own", async () => {
  const { url } = await served({ accountId: "111111111111" });
  const account = async (accessKeyId: string) =>
    (await new STS(clientOptions(url, { account: accessKeyId })).getCallerIdentity({})).Account;
  expect(await account("test")).toBe("111111111111");
  expect(await account("222222222222")).toBe("222222222222");
});

test("regions have their own clusters, and share the roles of their account", async () => {
  const { url } = await served();
  const inRegion = (region: string) => clientOptions(url, { region });
  await new ECS(inRegion("eu-west-1")).createCluster({ clusterName: "eu" });
  await new ECS(inRegion("us-east-1")).createCluster({ clusterName: "us" });
  const { clusterArns } = await new ECS(inRegion("us-east-1")).listClusters({});
  expect(clusterArns).toEqual(["arn:aws:ecs:us-east-1:123456789012:cluster/us"]);
  const trust = { Effect: "Allow", Principal: { Service: "ec2.amazonaws.com" }, Action: "sts:AssumeRole" };
  const AssumeRolePolicyDocument = JSON.stringify({ Version: "2012-10-17", Statement: [trust] });
  await new IAM(inRegion("us-east-1")).createRole({ RoleName: "shared", AssumeRolePolicyDocument });
  const { Role } = await new IAM(inRegion("eu-west-1")).getRole({ RoleName: "shared" });
  expect(Role!.Arn).toBe("arn:aws:iam::123456789012:role/shared");
});

test("a region that exists as a local cloud of the account is reached behind the same address", async () => {
  const account = localAccount({ id: "333333333333" });
  await using us = localCloud({ account, region: "us-east-1", clock: "virtual" });
  await us.ports.ecs.createCluster({ clusterName: "known" });
  const { url } = await served({ account });
  const options = clientOptions(url, { region: "us-east-1", account: "333333333333" });
  expect((await new ECS(options).listClusters({})).clusterArns).toEqual([
    "arn:aws:ecs:us-east-1:333333333333:cluster/known",
  ]);
});

test("a region of another partition than the account's is refused", async () => {
  const { url } = await served();
  await expect(new ECS(clientOptions(url, { region: "cn-north-1" })).listClusters({})).rejects.toMatchObject({
    name: "UnrecognizedClientException",
  });
});

test("requests are throttled only where the options say so", async () => {
  const register = async (url: string) => {
    const ecs = new ECS(clientOptions(url));
    const containerDefinitions = [{ name: "web", image: "talk", memory: 64 }];
    const all = Array.from({ length: 40 }, () =>
      ecs.registerTaskDefinition({ family: "talk", containerDefinitions }),
    );
    await Promise.all(all);
  };
  await register((await served()).url);
  const throttled = await served({}, { throttling: true });
  await expect(register(throttled.url)).rejects.toMatchObject({ name: "ThrottlingException" });
});

test("a fault that loses the answer breaks the connection", async () => {
  const { cloud, url } = await served();
  cloud.faults.inject({ operation: "createCluster", kind: "response-lost" });
  await expect(new ECS(clientOptions(url)).createCluster({ clusterName: "lost" })).rejects.toThrow();
  expect((await new ECS(clientOptions(url)).listClusters({})).clusterArns).toHaveLength(1);
});

test("a port that is in use is refused with a sentence", async () => {
  const { url } = await served();
  await using other = localCloud({ clock: "virtual" });
  await expect(other.listen({ port: Number(new URL(url).port) })).rejects.toThrow(
    "The local cloud cannot listen: listen EADDRINUSE",
  );
});
