import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { Cluster, Deployment, Job, type QuaysideError } from "../../src/index.js";
import type { LocalCloud, LocalCloudOptions } from "../../src/local/index.js";
import { sharedAccount, tagsKnown, writesOf } from "./account.js";
import { comparable } from "./comparable.js";
import { ROUTED_LOGS } from "./routed-logs.js";
import { conferenceAlb } from "./tutorial.js";

const FILE_SYSTEM = "fs-0123456789abcdef0";
const ACCESS_POINT = "fsap-0123456789abcdef0";
const IMAGE = "registry.example.com/talk-service:1";

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "quayside-task-"));
});
afterAll(() => rm(directory, { recursive: true }));

const clouds: LocalCloud[] = [];
afterEach(async () => {
  await Promise.all(clouds.splice(0).map((cloud) => cloud.close()));
});

async function account(options: Partial<LocalCloudOptions> = {}): Promise<LocalCloud> {
  const cloud = await sharedAccount(options);
  clouds.push(cloud);
  return cloud;
}

/** A directory with a Dockerfile, whose program has this version. */
async function source(name: string, version = 1): Promise<string> {
  const path = await mkdtemp(join(directory, `${name}-`));
  const dockerfile = [
    "FROM node:22-alpine",
    "WORKDIR /app",
    "COPY . .",
    "HEALTHCHECK CMD node check.mjs",
    'CMD ["node", "server.mjs"]',
  ];
  await writeFile(join(path, "Dockerfile"), dockerfile.join("\n"));
  await writeFile(join(path, "server.mjs"), `console.log("${name} ${version}")\n`);
  return path;
}

const failure = (promise: Promise<unknown>): Promise<QuaysideError> =>
  promise.then(
    () => expect.fail("it did not fail"),
    (error: unknown) => error as QuaysideError,
  );

const definitionOf = async (cloud: LocalCloud, taskDefinition: string) =>
  (await cloud.ports.ecs.describeTaskDefinition({ taskDefinition })).taskDefinition!;

const CAPACITIES = [
  ["Fargate", new Cluster("conference-cluster").fargate()],
  ["EC2", new Cluster("conference-cluster").ec2({ instanceType: "t4g.medium" })],
] as const;

/** EFS, FireLens to CloudWatch, and three containers from directories with order and health. */
async function inFull(cloud: LocalCloud, cluster: Cluster, version = 1) {
  return new Deployment("talk-service")
    .image(await source("talk", version))
    .container({
      port: 8080,
      ports: [{ port: 9090, name: "metrics" }],
      mounts: { "/uploads": "uploads", "/cache": "cache" },
      ulimits: { nofile: 65_536 },
      dependsOn: { proxy: "HEALTHY" },
    })
    .sidecar("proxy", {
      image: await source("proxy"),
      port: 3000,
      dependsOn: { prepare: "SUCCESS" },
      mounts: { "/cache": { volume: "cache", readOnly: true } },
    })
    .sidecar("prepare", {
      image: await source("prepare"),
      healthCheck: false,
      essential: false,
      logs: false,
      mounts: { "/cache": "cache" },
    })
    .task({ cpu: 512, memory: 1024, networkMode: "awsvpc", architecture: "arm64" })
    .volume("uploads", { efs: FILE_SYSTEM, accessPoint: ACCESS_POINT, iam: true })
    .volume("cache")
    .logs(ROUTED_LOGS)
    .service({ desired: 2 })
    .cluster(cluster)
    .behindAlb(conferenceAlb, { path: "/talk*", healthCheck: "/health" })
    .on(cloud);
}

describe.each(CAPACITIES)("a task with everything on %s", (_, cluster) => {
  test("is deployed under its least policy, has nothing to do afterwards, and leaves nothing", async () => {
    const cloud = await account({
      images: {
        "talk-service/prepare": { exits: 0, after: "2s" },
        "talk-service": { writes: ["served"], every: "1m" },
      },
      fileSystems: [{ id: FILE_SYSTEM, accessPoints: [ACCESS_POINT] }],
    });
    const pristine = comparable(cloud);
    const talk = await inFull(cloud, cluster);
    const { taskDefinition } = await talk.deploy();
    expect((await talk.plan()).isEmpty).toBe(true);
    expect((await talk.status()).isHealthy).toBe(true);

    const definition = await definitionOf(cloud, taskDefinition);
    expect(definition.networkMode).toBe("awsvpc");
    expect(definition.runtimePlatform?.cpuArchitecture).toBe("ARM64");
    expect(definition.containerDefinitions!.map(({ name }) => name)).toEqual([
      "talk-service",
      "proxy",
      "prepare",
      "log_router",
    ]);
    // Each image is of its own repository, for the task's architecture, and by its digest.
    for (const { image, name } of definition.containerDefinitions!.slice(0, 3))
      expect(image).toMatch(
        new RegExp(`amazonaws.com/talk-service${name === "talk-service" ? "" : `/${name}`}@sha256:`),
      );

    await cloud.clock.sleep(120_000);
    const lines = new Set<string>();
    for await (const { container, message } of talk.tail({ since: "1h" }))
      if (container === "talk-service") lines.add(message.replace(/ \d+$/, ""));
    expect([...lines]).toEqual(["served"]);

    // A change in a sidecar's directory alone is a rollout.
    const changed = talk.sidecar("proxy", { image: await source("proxy", 2) });
    expect(await writesOf(cloud, () => changed.deploy())).toEqual([
      "registerTaskDefinition",
      "updateService",
    ]);
    await changed.destroy({ images: true });
    expect(comparable(cloud)).toEqual(pristine);
  });

  test("that mounts EFS where it has no mount target is not deployed, and says why", async () => {
    const cloud = await account({ fileSystems: [{ id: FILE_SYSTEM, zones: ["eu-west-1z"] }] });
    const talk = new Deployment("talk-service")
      .image(IMAGE)
      .container({ mounts: { "/uploads": "uploads" } })
      .task({ cpu: 256, memory: 512 })
      .volume("uploads", { efs: FILE_SYSTEM })
      .cluster(cluster)
      .on(cloud);
    const error = await failure(talk.deploy());
    expect(error).toMatchObject({ code: "rollout-failed", diagnosis: "file-system-not-mounted" });
    expect(error.fix).toContain("mount target");
  });

  test("has an EBS volume for each task, with a role of its own, also in one-off tasks", async () => {
    const cloud = await account({ images: { "talk-service": { exits: 0, after: "5s" } } });
    const pristine = comparable(cloud);
    const load = new Job("load")
      .image(IMAGE)
      .container({ mounts: { "/data": "data" } })
      .task({ cpu: 256, memory: 512 })
      .volume("data", { ebs: { size: 20, type: "gp3", kmsKey: "arn:aws:kms:eu-west-1:123456789012:key/k" } })
      .cluster(cluster)
      .on(cloud);
    await load.deploy();
    expect((await load.run()).tasks).toMatchObject([{ exitCode: 0 }]);
    const role = cloud.account.iam.roles.get("load-infrastructure-role-eu-west-1");
    expect(role?.trustPolicy).toContain("ecs.amazonaws.com");
    await load.destroy();
    await tagsKnown(cloud);
    await load.destroy();
    expect(comparable(cloud)).toEqual(pristine);
  });
});

test("a service's EBS volumes change with a rollout", async () => {
  const cloud = await account();
  const talk = (size: number) =>
    new Deployment("talk-service")
      .image(IMAGE)
      .container({ mounts: { "/data": "data" } })
      .volume("data", { ebs: { size } })
      .cluster(new Cluster("conference-cluster").fargate())
      .on(cloud);
  await talk(20).deploy();
  expect((await talk(20).plan()).isEmpty).toBe(true);
  expect(await writesOf(cloud, () => talk(30).deploy())).toEqual(["tagResource", "updateService"]);
  expect((await talk(30).plan()).isEmpty).toBe(true);
});

test("files of environment variables, secret options and a configuration in S3 are read with the execution role", async () => {
  const cloud = await account();
  const talk = new Deployment("talk-service")
    .image(IMAGE)
    .container({ environmentFiles: ["arn:aws:s3:::config/talk.env"] })
    .logs({
      driver: "awsfirelens",
      options: { Name: "datadog" },
      secretOptions: { apikey: "ssm:/datadog" },
      router: { configFile: "arn:aws:s3:::config/router.conf" },
    })
    .cluster(new Cluster("conference-cluster").ec2())
    .on(cloud);
  await talk.deploy();
  const role = cloud.account.iam.roles.get("talk-service-execution-role-eu-west-1")!;
  const policy = JSON.parse([...role.inline.values()][0]!) as { Statement: { Resource: string[] }[] };
  expect(policy.Statement.flatMap(({ Resource }) => Resource)).toEqual([
    "arn:aws:ssm:eu-west-1:*:parameter/datadog",
    "*",
    "arn:aws:s3:::config/router.conf",
    "arn:aws:s3:::config/talk.env",
    "arn:aws:s3:::config",
  ]);
  expect((await talk.plan()).isEmpty).toBe(true);
});

test("an existing execution role is used as it is, and none is created", async () => {
  const cloud = await account();
  const { Role } = await cloud.ports.iam.createRole({
    RoleName: "ecsTaskExecutionRole",
    AssumeRolePolicyDocument: JSON.stringify({
      Version: "2012-10-17",
      Statement: [
        { Effect: "Allow", Principal: { Service: "ecs-tasks.amazonaws.com" }, Action: "sts:AssumeRole" },
      ],
    }),
  });
  await cloud.clock.sleep(60_000);
  const talk = new Deployment("talk-service")
    .image(IMAGE)
    .task({ executionRole: Role!.Arn! })
    .cluster(new Cluster("conference-cluster").fargate())
    .on(cloud);
  const { taskDefinition } = await talk.deploy();
  expect((await definitionOf(cloud, taskDefinition)).executionRoleArn).toBe(Role!.Arn);
  expect([...cloud.account.iam.roles.keys()].filter((name) => name.startsWith("talk-service"))).toEqual([]);
});

describe("the network modes of tasks on instances", () => {
  const talk = (cloud: LocalCloud, networkMode: "awsvpc" | "bridge" | "host", desired = 2) =>
    new Deployment("talk-service")
      .image(IMAGE)
      .container({ port: 8080, memoryReservation: 64 })
      .task({ networkMode })
      .service({ desired, rolling: { minHealthyPercent: 50, maxPercent: 200 } })
      .cluster(new Cluster("conference-cluster").ec2({ instanceType: "t3.small" }))
      .behindAlb(conferenceAlb, { path: "/talk*", healthCheck: "/health" })
      .on(cloud);

  test("awsvpc: tasks have a security group of their own, and are ip targets without a public address", async () => {
    const cloud = await account();
    await talk(cloud, "awsvpc").deploy();
    expect((await talk(cloud, "awsvpc").plan()).isEmpty).toBe(true);
    const state = JSON.stringify(cloud.state());
    expect(state).toContain("talk-service-tasks");
    const { services } = await cloud.ports.ecs.describeServices({
      cluster: "conference-cluster",
      services: ["talk-service"],
    });
    expect(services![0]!.networkConfiguration?.awsvpcConfiguration).toMatchObject({
      assignPublicIp: "DISABLED",
      securityGroups: [expect.stringMatching(/^sg-/)],
    });
    expect((await talk(cloud, "awsvpc").status()).isHealthy).toBe(true);
  });

  test("host: the load balancer reaches the port of the instance", async () => {
    const cloud = await account();
    await talk(cloud, "host").deploy();
    expect((await talk(cloud, "host").plan()).isEmpty).toBe(true);
    const groups = [...cloud.account.elb.targetGroups.values()].filter(({ name }) => name === "talk-service");
    expect(groups.flatMap(({ targets }) => [...targets.values()].map(({ port }) => port))).toEqual([
      8080, 8080,
    ]);
  });

  test.each([
    ["bridge", "awsvpc"],
    ["awsvpc", "host"],
  ] as const)("%s does not become %s behind a load balancer, and nothing is changed", async (one, other) => {
    const cloud = await account();
    await talk(cloud, one).deploy();
    await tagsKnown(cloud);
    expect(await writesOf(cloud, () => failure(talk(cloud, other).deploy()))).toEqual([]);
    expect((await failure(talk(cloud, other).deploy())).code).toBe("replacement-needed");
  });

  test("bridge becomes awsvpc in one deploy without a load balancer", async () => {
    const cloud = await account();
    const alone = (networkMode: "awsvpc" | "bridge") =>
      new Deployment("talk-service")
        .image(IMAGE)
        .task({ networkMode })
        .cluster(new Cluster("conference-cluster").ec2())
        .on(cloud);
    await alone("bridge").deploy();
    await alone("awsvpc").deploy();
    expect((await alone("awsvpc").plan()).isEmpty).toBe(true);
    expect((await alone("awsvpc").status()).isHealthy).toBe(true);
  });

  test("tasks in public subnets with an interface of their own is a warning of the plan, with a way out", async () => {
    const cloud = await account();
    const { warnings } = await talk(cloud, "awsvpc").plan();
    expect(warnings).toMatchInlineSnapshot(`
      [
        "the tasks of talk-service have no route to the internet: their subnets are public, and ECS assigns no public addresses in the network mode awsvpc on instances. Use subnets with a route to a NAT gateway, .network({ subnets }), or the network mode bridge",
      ]
    `);
    expect((await talk(cloud, "bridge").plan()).warnings).toEqual([]);
  });

  test("a host port that leaves a rollout no instance is a warning of the plan, and blocks the rollout", async () => {
    const cloud = await account();
    const fixed = (max: number, minHealthyPercent?: number) =>
      new Deployment("talk-service")
        .image(IMAGE)
        .container({ ports: [{ port: 8080, hostPort: 80 }] })
        .service({ desired: 2, rolling: { minHealthyPercent } })
        .cluster(new Cluster("conference-cluster").ec2().autoscale({ min: 2, max }))
        .on(cloud);
    expect((await fixed(3).plan()).warnings).toEqual([]);
    expect((await fixed(2, 50).plan()).warnings).toEqual([]);
    expect((await fixed(2).plan()).warnings).toMatchInlineSnapshot(`
      [
        "a rollout of talk-service will not be able to place a task: its host port 80 will be taken on all 2 instances that conference-cluster-instances can have, and its minimum healthy percent of 100 keeps all 2 tasks. Increase the cluster's maximum, decrease rolling.minHealthyPercent, or remove hostPort",
      ]
    `);
    await fixed(2).deploy();
    const blocked = await failure(fixed(2).env({ VERSION: "2" }).deploy());
    expect(blocked.message).toContain("has reached its maximum number of instances");
    await fixed(2, 50).env({ VERSION: "3" }).deploy();
  });

  test("more tasks than network interfaces is a warning of the plan, with the reason", async () => {
    const cloud = await account();
    const { warnings } = await talk(cloud, "awsvpc", 12).plan();
    expect(warnings[0]).toMatchInlineSnapshot(
      `"conference-cluster-instances is too small for talk-service: it needs about 6 instances of t3.small, but the maximum is 4: each task of talk-service has a network interface of its own, and a t3.small has 2 for tasks (more with ECS's account setting awsvpcTrunking, on instance types that support it)"`,
    );
    expect((await talk(cloud, "bridge", 12).plan()).warnings).toEqual([]);
  });
});

test("Fargate runs the first tasks on demand, and of the others the described share on Spot", async () => {
  const cloud = await account();
  const talk = new Deployment("talk-service")
    .image(IMAGE)
    .service({ desired: 5 })
    .cluster(new Cluster("conference-cluster").fargate({ spot: { base: 1, weight: 3 } }))
    .on(cloud);
  await talk.deploy();
  expect((await talk.plan()).isEmpty).toBe(true);
  const tasks = [...cloud.account.ecs.clusters.get("conference-cluster")!.tasks.values()];
  const providers = tasks.map(({ description }) => description.capacityProviderName).sort();
  expect(providers).toEqual(["FARGATE", "FARGATE", "FARGATE_SPOT", "FARGATE_SPOT", "FARGATE_SPOT"]);
});

test("a log group has the class and the key that are described, and a key can be changed", async () => {
  const cloud = await account();
  const key = (id: string) => `arn:aws:kms:eu-west-1:123456789012:key/${id}`;
  const talk = (kmsKey: string) =>
    new Deployment("talk-service")
      .image(IMAGE)
      .logs("talks", {
        class: "INFREQUENT_ACCESS",
        kmsKey,
        multiline: "^\\d{4}-",
        mode: "non-blocking",
        bufferSize: "25m",
      })
      .cluster(new Cluster("conference-cluster").fargate())
      .on(cloud);
  const { taskDefinition } = await talk(key("one")).deploy();
  const [container] = (await definitionOf(cloud, taskDefinition)).containerDefinitions!;
  expect(container!.logConfiguration!.options).toMatchObject({
    "awslogs-multiline-pattern": "^\\d{4}-",
    mode: "non-blocking",
    "max-buffer-size": "25m",
  });
  expect((await talk(key("one")).plan()).isEmpty).toBe(true);
  expect(await writesOf(cloud, () => talk(key("two")).deploy())).toEqual(["associateKmsKey"]);
  expect(cloud.account.logs.groups.get("talks")).toMatchObject({
    kmsKeyId: key("two"),
    logGroupClass: "INFREQUENT_ACCESS",
  });
});

test("a task definition that exists becomes a deployment, whose log group is used as it is", async () => {
  const cloud = await account();
  await cloud.ports.logs.createLogGroup({ logGroupName: "/ecs/talk" });
  const json = {
    family: "talk",
    requiresCompatibilities: ["FARGATE"],
    networkMode: "awsvpc",
    cpu: "256",
    memory: "512",
    containerDefinitions: [
      {
        name: "web",
        image: IMAGE,
        portMappings: [{ containerPort: 8080 }],
        logConfiguration: {
          logDriver: "awslogs",
          options: {
            "awslogs-group": "/ecs/talk",
            "awslogs-region": "eu-west-1",
            "awslogs-stream-prefix": "ecs",
          },
        },
      },
    ],
  };
  const talk = Deployment.fromTaskDefinition(json).cluster(new Cluster("talks").fargate()).on(cloud);
  await talk.deploy();
  expect((await talk.plan()).isEmpty).toBe(true);
  await talk.destroy();
  expect(cloud.account.logs.groups.has("/ecs/talk")).toBe(true);
});
