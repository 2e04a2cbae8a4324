import type { ContainerDefinition, RegisterTaskDefinitionCommandInput } from "@aws-sdk/client-ecs";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { localCloud, type LocalCloud } from "../../../../src/local/index.js";
import { refusal } from "../../running-cloud.js";

let cloud: LocalCloud;
beforeEach(() => {
  cloud = localCloud({ clock: "virtual" });
});
afterEach(() => cloud.close());

type Task = Partial<RegisterTaskDefinitionCommandInput>;
const web: ContainerDefinition = { name: "web", image: "web:1", memory: 128 };
const router: ContainerDefinition = {
  name: "router",
  image: "fluent-bit:1",
  memory: 64,
  firelensConfiguration: { type: "fluentbit" },
};
const fargate: Task = {
  requiresCompatibilities: ["FARGATE"],
  networkMode: "awsvpc",
  cpu: "256",
  memory: "512",
};
const register = (container: Partial<ContainerDefinition>, task: Task = {}) =>
  cloud.ports.ecs.registerTaskDefinition({
    family: "web",
    containerDefinitions: [{ ...web, ...container }],
    ...task,
  });

const efs = { fileSystemId: "fs-0123456789abcdef0" };

describe("RegisterTaskDefinition refuses", () => {
  test.each<[string, Partial<ContainerDefinition>, Task, string]>([
    [
      "an unknown volume",
      { mountPoints: [{ sourceVolume: "a", containerPath: "/a" }] },
      {},
      "Unknown volume 'a'.",
    ],
    [
      "a directory of the instance on Fargate",
      {},
      { ...fargate, volumes: [{ name: "a", host: { sourcePath: "/srv" } }] },
      "Fargate compatible task definitions do not support sourcePath",
    ],
    ["ipcMode on Fargate", {}, { ...fargate, ipcMode: "task" }, "do not support ipcMode"],
    [
      "shared memory on Fargate",
      { linuxParameters: { sharedMemorySize: 64 } },
      fargate,
      "do not support sharedMemorySize",
    ],
    [
      "a GPU on Fargate",
      { resourceRequirements: [{ type: "GPU", value: "1" }] },
      fargate,
      "do not support GPU resource requirements",
    ],
    [
      "a configuration of the router in S3 on Fargate",
      {},
      {
        ...fargate,
        containerDefinitions: [
          { ...web, logConfiguration: { logDriver: "awsfirelens" } },
          {
            ...router,
            firelensConfiguration: {
              type: "fluentbit",
              options: { "config-file-type": "s3", "config-file-value": "arn:aws:s3:::b/c" },
            },
          },
        ],
      },
      "Fargate launch type does not support FirelensConfiguration config file from 's3'",
    ],
    [
      "a host name in awsvpc",
      { hostname: "a" },
      { networkMode: "awsvpc" },
      "hostname is not supported on container when networkMode=awsvpc.",
    ],
    [
      "links in awsvpc",
      { links: ["web"] },
      { networkMode: "awsvpc" },
      "Links are not supported when networkMode=awsvpc",
    ],
    [
      "another host port in host mode",
      { portMappings: [{ containerPort: 80, hostPort: 81 }] },
      { networkMode: "host" },
      "When networkMode=host, the host ports and container ports in port mappings must match.",
    ],
    [
      "the driver awsfirelens without a router",
      { logConfiguration: { logDriver: "awsfirelens" } },
      {},
      "a firelens configuration object must be configured in one of the containers.",
    ],
    [
      "a router without a container that logs to it",
      {},
      { containerDefinitions: [web, router] },
      "at least one container has to be configured with the awsfirelens log driver.",
    ],
    [
      "IAM authorization without encryption",
      {},
      {
        volumes: [{ name: "a", efsVolumeConfiguration: { ...efs, authorizationConfig: { iam: "ENABLED" } } }],
      },
      "transit encryption must be enabled",
    ],
    [
      "two volumes that are configured at launch",
      {},
      { volumes: ["a", "b"].map((name) => ({ name, configuredAtLaunch: true })) },
      "Only one volume",
    ],
    [
      "an environment file without an execution role",
      { environmentFiles: [{ type: "s3", value: "arn:aws:s3:::b/a.env" }] },
      {},
      "you must also specify a value for 'executionRoleArn'",
    ],
    [
      "ephemeral storage on EC2",
      {},
      { ephemeralStorage: { sizeInGiB: 30 } },
      "only supported for tasks hosted on Fargate",
    ],
    [
      "too little ephemeral storage",
      {},
      { ...fargate, ephemeralStorage: { sizeInGiB: 20 } },
      "between 21 GiB and 200 GiB",
    ],
  ])("%s", async (_, container, task, message) => {
    expect(await refusal(register(container, task))).toContain(message);
  });
});

test("AWS runs a log router as root, mounts EFS at its root, and tells empty volumes apart", async () => {
  const { taskDefinition } = await register(
    {},
    {
      containerDefinitions: [{ ...web, logConfiguration: { logDriver: "awsfirelens" } }, router],
      volumes: [
        { name: "empty" },
        { name: "efs", efsVolumeConfiguration: efs },
        { name: "ebs", configuredAtLaunch: true },
      ],
    },
  );
  expect(taskDefinition!.containerDefinitions![1]!.user).toBe("0");
  expect(taskDefinition!.volumes).toEqual([
    { name: "empty", host: {} },
    { name: "efs", efsVolumeConfiguration: { ...efs, rootDirectory: "/" } },
    { name: "ebs", configuredAtLaunch: true },
  ]);
});

test("a task with a volume that is configured at launch needs its configuration", async () => {
  await cloud.ports.ecs.createCluster({ clusterName: "c", capacityProviders: ["FARGATE"] });
  const { taskDefinition } = await register(
    {},
    { ...fargate, volumes: [{ name: "data", configuredAtLaunch: true }] },
  );
  await cloud.clock.sleep(60_000);
  await cloud.ports.iam
    .createServiceLinkedRole({ AWSServiceName: "ecs.amazonaws.com" })
    .catch(() => undefined);
  await cloud.clock.sleep(60_000);
  const { Subnets } = await cloud.ports.ec2.describeSubnets({});
  const run = (name?: string) =>
    cloud.ports.ecs.runTask({
      cluster: "c",
      taskDefinition: taskDefinition!.taskDefinitionArn!,
      launchType: "FARGATE",
      networkConfiguration: { awsvpcConfiguration: { subnets: [Subnets![0]!.SubnetId!] } },
      ...(name !== undefined && {
        volumeConfigurations: [
          {
            name,
            managedEBSVolume: { roleArn: "arn:aws:iam::123456789012:role/infrastructure", sizeInGiB: 20 },
          },
        ],
      }),
    });
  expect(await refusal(run())).toContain("must have a volume configuration");
  expect(await refusal(run("other"))).toContain("does not have a matching volume in your Task Definition");
  const { tasks } = await run("data");
  expect(tasks![0]!.attachments!.map(({ type }) => type)).toContain("AmazonElasticBlockStorage");
});
