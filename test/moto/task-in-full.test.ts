import { afterAll, beforeAll, expect, test } from "vitest";
import { Cluster, Deployment } from "../../src/index.js";
import type { Account, HttpCloud } from "./http-cloud.js";
import { describeOverHttp } from "./describe-over-http.js";
import { sharedAccount } from "./foreign-resources.js";
import type { RawClients } from "./raw-clients.js";
import { underItsPolicy } from "./under-its-policy.js";

const CAPACITIES = [
  ["Fargate", new Cluster("task-cluster").fargate()],
  ["EC2 in awsvpc", new Cluster("task-cluster-ec2").ec2({ instanceType: "t4g.medium" })],
] as const;

const talkOn = (account: Account, name: string, cluster: Cluster) =>
  new Deployment(name)
    .image("registry.example.com/talk-service:1")
    .container({
      port: 8080,
      ports: [{ port: 9090, name: "metrics" }],
      mounts: { "/uploads": "uploads", "/cache": { volume: "cache", readOnly: true } },
      ulimits: { nofile: 65_536 },
      environmentFiles: ["arn:aws:s3:::config/talk.env"],
      dependsOn: { prepare: "SUCCESS" },
    })
    .sidecar("prepare", {
      image: "registry.example.com/prepare:1",
      essential: false,
      mounts: { "/cache": "cache" },
    })
    .task({ cpu: 512, memory: 1024, networkMode: "awsvpc", architecture: "arm64" })
    .volume("uploads", { efs: "fs-0123456789abcdef0", accessPoint: "fsap-0123456789abcdef0", iam: true })
    .volume("cache")
    .logs({
      driver: "awsfirelens",
      options: { Name: "cloudwatch_logs", region: "eu-west-1", log_group_name: `/routed/${name}` },
      router: { type: "fluentbit" },
    })
    .service({ desired: 1 })
    .cluster(cluster)
    .on(underItsPolicy(account));

describeOverHttp("a task in full over HTTP", (clouds) => {
  let moto: HttpCloud;
  let account: Account;
  let raw: RawClients;
  let agent: ReturnType<HttpCloud["startAgent"]>;

  beforeAll(async () => {
    moto = await clouds.start({ "registry.example.com/prepare": { exits: 0 } });
    ({ account, raw } = await sharedAccount(moto));
    agent = moto.startAgent(raw);
  });
  afterAll(async () => {
    await agent?.stop();
    await moto?.stop();
  });

  test.each(CAPACITIES)("is deployed on %s, and has nothing to do afterwards", async (capacity, cluster) => {
    const name = capacity === "Fargate" ? "talk-fargate" : "talk-ec2";
    const talk = talkOn(account, name, cluster);
    const { taskDefinition: arn } = await talk.deploy();
    const { taskDefinition } = await raw.ecs.describeTaskDefinition({ taskDefinition: arn });
    expect(taskDefinition).toMatchObject({
      networkMode: "awsvpc",
      runtimePlatform: { cpuArchitecture: "ARM64" },
      volumes: [
        { name: "uploads", efsVolumeConfiguration: { transitEncryption: "ENABLED" } },
        { name: "cache" },
      ],
    });
    expect(taskDefinition!.containerDefinitions!.map((each) => each.name)).toEqual([
      name,
      "prepare",
      "log_router",
    ]);
    expect((await talk.plan()).isEmpty).toBe(true);
    await talk.destroy();
  });
});
