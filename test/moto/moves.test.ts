import { afterAll, beforeAll, expect, test } from "vitest";
import { aws, Cluster, Deployment, Job, type Overrides } from "../../src/index.js";
import { describeOverHttp } from "./describe-over-http.js";
import { sharedAccount } from "./foreign-resources.js";
import { inventory } from "./inventory.js";
import type { Account, HttpCloud } from "./http-cloud.js";
import type { RawClients } from "./raw-clients.js";
import { shortPauses } from "./short-pauses.js";

describeOverHttp("moves to another cluster over HTTP", (clouds) => {
  let moto: HttpCloud;
  let account: Account;
  let raw: RawClients;
  let before: Record<string, string[]>;
  let agent: ReturnType<HttpCloud["startAgent"]>;

  beforeAll(async () => {
    // "rate" begins at once, and a cluster in which a task runs stays.
    moto = await clouds.start({ "registry.example.com/report": { exits: 0 } });
    ({ account, raw, before } = await sharedAccount(moto));
    agent = moto.startAgent(raw);
  });

  afterAll(async () => {
    await agent?.stop();
    await moto?.stop();
  });

  const talkOn = (cluster: string, overrides: Overrides = {}) =>
    new Deployment("talk")
      .image("registry.example.com/talk:1")
      .container({ cpu: 128, memoryReservation: 128 })
      .taskRole({ policies: ["arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"] })
      .cluster(new Cluster(cluster).ec2({ instanceType: "t3.micro" }))
      .override(overrides)
      .on(shortPauses(aws(account), 50));

  const reportOn = (cluster: string) =>
    new Job("report")
      .image("registry.example.com/report:1")
      .cluster(new Cluster(cluster).fargate())
      .schedule("rate(1 day)")
      .on(shortPauses(aws(account), 50));

  /** Moto lists deleted clusters, too. */
  const clusters = async () => {
    const { clusterArns = [] } = await raw.ecs.listClusters({});
    const { clusters: described = [] } = await raw.ecs.describeClusters({ clusters: clusterArns });
    return described.filter(({ status }) => status === "ACTIVE").map(({ clusterName }) => clusterName);
  };

  test("an override that comes later reaches the role that exists", async () => {
    const longer: Overrides = { createRole: (input) => ({ ...input, MaxSessionDuration: 7200 }) };
    await talkOn("old").deploy();
    await talkOn("old", longer).deploy();
    const { Role } = await raw.iam.getRole({ RoleName: "talk-task-role-eu-west-1" });
    expect(Role!.MaxSessionDuration).toBe(7200);
    expect((await talkOn("old", longer).plan()).toString()).toMatch(/^Plan: nothing to change/);
  });

  test("a deployment takes the cluster that it leaves with it", async () => {
    await talkOn("new").deploy();
    expect(await clusters()).not.toContain("old");
    expect((await talkOn("new").plan()).toString()).toMatch(/^Plan: nothing to change/);
  });

  test("so does a job", async () => {
    await reportOn("old-jobs").deploy();
    await moto.settle(account);
    await reportOn("jobs").deploy();
    expect(await clusters()).not.toContain("old-jobs");
    expect((await reportOn("jobs").plan()).toString()).toMatch(/^Plan: nothing to change/);
  });

  test("their destroys leave nothing", async () => {
    expect((await reportOn("jobs").destroy()).kept).toEqual([]);
    expect((await talkOn("new").destroy()).kept).toEqual([]);
    expect(await inventory(raw)).toEqual(before);
  });
});
