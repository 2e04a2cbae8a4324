import { describe, expect, test } from "vitest";
import { Cluster, Deployment, Job, LoadBalancer, type OperationOptions } from "../../src/index.js";
import type { LocalCloud } from "../../src/local/index.js";
import { sharedAccount, writesOf } from "./account.js";
import { withPermissionsOf } from "./least-privilege.js";
import { sweep } from "./sweep.js";

type Place = "old" | "new";

const talk = (cloud: LocalCloud, place: Place) =>
  new Deployment("talk")
    .image("registry.example.com/talk:1")
    .container({ port: 8080, cpu: 256, memory: 512 })
    .cluster(new Cluster(`${place}-web`).fargate())
    .behindAlb(new LoadBalancer(`${place}-alb`).http(80), { healthCheck: "/health" })
    .on(cloud);

const onInstances = (cloud: LocalCloud, place: Place) =>
  new Deployment("talk")
    .image("registry.example.com/talk:1")
    .container({ cpu: 128, memoryReservation: 128 })
    .cluster(new Cluster(`${place}-web`).ec2())
    .on(cloud);

const report = (cloud: LocalCloud, place: Place) =>
  new Job("report")
    .image("registry.example.com/report:1")
    .container({ cpu: 256, memory: 512 })
    .cluster(new Cluster(`${place}-web`).fargate())
    .schedule("cron(0 3 * * ? *)")
    .on(cloud);

interface Chain {
  deploy(options?: OperationOptions): Promise<unknown>;
  destroy(): Promise<{ readonly kept: readonly object[] }>;
  permissions: Parameters<typeof withPermissionsOf>[0]["permissions"];
}

const moving = (chainOf: (cloud: LocalCloud, place: Place) => Chain) => ({
  from: (cloud: LocalCloud) => chainOf(cloud, "old"),
  run: (cloud: LocalCloud, options?: OperationOptions) =>
    withPermissionsOf(chainOf(cloud, "old"), () => chainOf(cloud, "new").deploy(options)),
  after: (cloud: LocalCloud) =>
    withPermissionsOf(chainOf(cloud, "old"), () => chainOf(cloud, "new").destroy()),
  only: ({ write }: { readonly write: boolean }) => write,
  foreign: "beside" as const,
});

test("a move to another cluster and load balancer that meets any fault is finished by the next run", async () => {
  expect(await sweep(moving(talk))).toMatchInlineSnapshot(`399`);
});

test("a move to instances of another cluster that meets any fault is finished by the next run", async () => {
  expect(await sweep(moving(onInstances))).toMatchInlineSnapshot(`224`);
});

test("a move of a job that meets any fault is finished by the next run", async () => {
  expect(await sweep(moving(report))).toMatchInlineSnapshot(`56`);
});

describe("a job that moved to another cluster", () => {
  test("takes the old one with it, and changes nothing afterwards", async () => {
    await using cloud = await sharedAccount();
    await report(cloud, "old").deploy();
    await withPermissionsOf(report(cloud, "old"), () => report(cloud, "new").deploy());
    expect(Object.keys(cloud.state().clusters)).not.toContain("old-web");
    expect((await report(cloud, "new").plan()).toString()).toMatch(/^Plan: nothing to change/);
    expect(await writesOf(cloud, () => report(cloud, "new").deploy())).toEqual([]);
  });

  test("leaves it while its tasks run there, and takes it with the next deploy", async () => {
    await using cloud = await sharedAccount();
    await report(cloud, "old").deploy();
    await report(cloud, "old").run({ wait: false });
    await withPermissionsOf(report(cloud, "old"), () => report(cloud, "new").deploy());
    expect(Object.keys(cloud.state().clusters)).toContain("old-web");
    const [task] = (await cloud.ports.ecs.listTasks({ cluster: "old-web" })).taskArns ?? [];
    await cloud.ports.ecs.stopTask({ cluster: "old-web", task });
    await cloud.clock.sleep(120_000);
    await withPermissionsOf(report(cloud, "old"), () => report(cloud, "new").deploy());
    expect(Object.keys(cloud.state().clusters)).not.toContain("old-web");
    expect((await report(cloud, "new").plan()).isEmpty).toBe(true);
  });

  test("stops its tasks there when it is destroyed, and leaves nothing", async () => {
    await using cloud = await sharedAccount();
    await report(cloud, "old").deploy();
    await report(cloud, "old").run({ wait: false });
    await withPermissionsOf(report(cloud, "old"), () => report(cloud, "new").deploy());
    const { kept } = await withPermissionsOf(report(cloud, "old"), () => report(cloud, "new").destroy());
    expect(kept).toEqual([]);
    expect(Object.keys(cloud.state().clusters)).toEqual(["their-cluster"]);
  });
});
