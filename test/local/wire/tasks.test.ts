import { ECS } from "@aws-sdk/client-ecs";
import { expect, test } from "vitest";
import { cloudOfServices } from "../../../bench/describe-services.js";
import { engineVariables } from "../../../src/local/services/ecs/tasks/host-variables.js";
import { clientOptions, served } from "./served.js";

/** What a container learns from its host, as lines of JSON in its log. */
const ASK = `
const get = (url) => fetch(url).then((answer) => answer.json());
const { env } = process;
const container = await get(env.ECS_CONTAINER_METADATA_URI_V4);
const task = await get(env.ECS_CONTAINER_METADATA_URI_V4 + "/task");
const stats = await get(env.ECS_CONTAINER_METADATA_URI_V4 + "/stats");
const credentials = await get(env.AWS_CONTAINER_CREDENTIALS_FULL_URI);
const { STSClient, GetCallerIdentityCommand } = await import("@aws-sdk/client-sts");
const { Arn } = await new STSClient({}).send(new GetCallerIdentityCommand({}));
console.log(JSON.stringify({ container, task, stats, credentials, caller: Arn, endpoint: env.AWS_ENDPOINT_URL, region: env.AWS_REGION }));
`;

const TRUST = {
  AssumeRolePolicyDocument: JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      { Effect: "Allow", Principal: { Service: "ecs-tasks.amazonaws.com" }, Action: "sts:AssumeRole" },
    ],
  }),
};

test("a task finds the APIs, its credentials and its metadata, as on ECS", async () => {
  const run = { asker: { command: ["node", "--input-type=module", "--eval", ASK] } };
  const { cloud, url } = await served({ clock: "real", timeScale: 200, run });
  const { ecs, iam, logs, ec2 } = cloud.ports;
  for (const RoleName of ["asker", "execution"]) await iam.createRole({ RoleName, ...TRUST });
  await iam.attachRolePolicy({
    RoleName: "execution",
    PolicyArn: "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy",
  });
  await ecs.createCluster({ clusterName: "web" });
  await logs.createLogGroup({ logGroupName: "asker" });
  const options = { "awslogs-group": "asker", "awslogs-region": "eu-west-1", "awslogs-stream-prefix": "a" };
  await ecs.registerTaskDefinition({
    ...{
      family: "asker",
      networkMode: "awsvpc",
      requiresCompatibilities: ["FARGATE"],
      cpu: "256",
      memory: "512",
    },
    taskRoleArn: "arn:aws:iam::123456789012:role/asker",
    executionRoleArn: "arn:aws:iam::123456789012:role/execution",
    containerDefinitions: [
      { name: "main", image: "asker", logConfiguration: { logDriver: "awslogs", options } },
    ],
  });
  const { Subnets = [] } = await ec2.describeSubnets({});
  const awsvpcConfiguration = { subnets: [Subnets[0]!.SubnetId!], assignPublicIp: "ENABLED" as const };
  const { tasks } = await ecs.runTask({
    ...{ cluster: "web", taskDefinition: "asker", launchType: "FARGATE" },
    networkConfiguration: { awsvpcConfiguration },
  });
  const taskArn = tasks![0]!.taskArn!;
  let line: string | undefined;
  while (line === undefined) {
    const { tasks: described } = await ecs.describeTasks({ cluster: "web", tasks: [taskArn] });
    expect(described![0]!.stoppedReason ?? "Essential container in task exited").toMatch(/^Essential/);
    line = (await logs.filterLogEvents({ logGroupName: "asker" })).events?.find(({ message }) =>
      message?.startsWith("{"),
    )?.message;
    await cloud.clock.sleep(1000);
  }
  const found = JSON.parse(line) as Record<string, unknown>;
  expect(found).toMatchObject({
    endpoint: url,
    region: "eu-west-1",
    container: {
      Name: "main",
      Image: "asker",
      Labels: { "com.amazonaws.ecs.task-arn": taskArn },
      Type: "NORMAL",
    },
    task: {
      TaskARN: taskArn,
      Family: "asker",
      Revision: "1",
      LaunchType: "FARGATE",
      Limits: { CPU: 0.25, Memory: 512 },
      Containers: [{ Name: "main" }],
    },
    stats: { name: "/main" },
    credentials: {
      RoleArn: "arn:aws:iam::123456789012:role/asker",
      AccessKeyId: expect.stringMatching(/^ASIA123456789012....$/) as string,
    },
    caller: `arn:aws:sts::123456789012:assumed-role/asker/${taskArn.split("/").at(-1)}`,
  });
});

test("a task of a cloud that does not listen finds nothing of it", async () => {
  const { url } = await served();
  expect((await fetch(`${url}/v4/0123456789abcdef-0`)).status).toBe(404);
});

test("a listening cloud holds 100 services with 4 tasks each", async () => {
  const { cloud, url, names } = await cloudOfServices(100);
  try {
    const ecs = new ECS(clientOptions(url));
    const { clusters } = await ecs.describeClusters({ clusters: ["web"] });
    expect(clusters).toMatchObject([{ activeServicesCount: 100, runningTasksCount: 400 }]);
    const { services } = await ecs.describeServices({ cluster: "web", services: names.slice(-10) });
    expect(services!.map(({ runningCount }) => runningCount)).toEqual(Array(10).fill(4));
  } finally {
    await cloud.close();
  }
});

test("a container of Docker finds the cloud at its host's name, and its role's credentials as values", async () => {
  const { cloud } = await served();
  const { ec2, ecs, iam } = cloud.ports;
  for (const RoleName of ["asker", "execution"]) await iam.createRole({ RoleName, ...TRUST });
  await ecs.createCluster({ clusterName: "web" });
  const { taskDefinition } = await ecs.registerTaskDefinition({
    family: "asker",
    networkMode: "awsvpc",
    requiresCompatibilities: ["FARGATE"],
    cpu: "256",
    memory: "512",
    taskRoleArn: "arn:aws:iam::123456789012:role/asker",
    containerDefinitions: [{ name: "main", image: "asker" }],
  });
  const { Subnets = [] } = await ec2.describeSubnets({});
  const awsvpcConfiguration = { subnets: [Subnets[0]!.SubnetId!], assignPublicIp: "ENABLED" as const };
  await ecs.runTask({
    ...{ cluster: "web", taskDefinition: taskDefinition!.taskDefinitionArn!, launchType: "FARGATE" },
    networkConfiguration: { awsvpcConfiguration },
  });
  const [task] = cloud.account.ecs.clusters.get("web")!.tasks.values();
  const port = new URL(cloud.account.endpointUrl!).port;
  const variables = engineVariables(cloud.account, task!, "main");
  expect(variables).toMatchObject({
    AWS_ENDPOINT_URL: `http://host.docker.internal:${port}`,
    AWS_ACCESS_KEY_ID: expect.stringMatching(/^ASIA123456789012/) as string,
  });
  expect(variables).not.toHaveProperty("AWS_CONTAINER_CREDENTIALS_FULL_URI");
});
