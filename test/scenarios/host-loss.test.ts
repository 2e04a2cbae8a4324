import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Cluster, Deployment, Fleet, LoadBalancer, type Ec2Options } from "../../src/index.js";
import type { LocalCloud } from "../../src/local/index.js";
import { localCloud } from "../../src/local/index.js";
import { sharedAccount } from "./account.js";
import { asAnOlderVersionLeftIt } from "./older-cluster.js";

let cloud: LocalCloud;
beforeEach(async () => {
  cloud = await sharedAccount();
});
afterEach(() => cloud.close());

const talk = (options: Ec2Options = {}) =>
  new Deployment("talk")
    .image("talk:1")
    .container({ port: 8080, memoryReservation: 128 })
    .service({ desired: 2 })
    .cluster(new Cluster("web").ec2(options))
    .on(cloud);
const firstInstance = () =>
  [...cloud.account.ec2.instances.values()].find(({ state }) => state === "running")!;

/** The fewest running tasks, by the second, while `minutes` pass. */
async function fewestTasks(minutes: number): Promise<number> {
  let fewest = Infinity;
  for (let second = 0; second < minutes * 60; second += 5) {
    await cloud.clock.sleep(5_000);
    const { services } = await cloud.ports.ecs.describeServices({ cluster: "web", services: ["talk"] });
    fewest = Math.min(fewest, services?.[0]?.runningCount ?? 0);
  }
  return fewest;
}

test("a Spot Instance that EC2 takes back has its tasks replaced first", async () => {
  await talk({ spot: true }).deploy();
  cloud.interruptSpot(firstInstance().id);
  expect(await fewestTasks(10)).toBe(2);
  expect((await talk({ spot: true }).status()).isHealthy).toBe(true);
});

describe("on AWS's free plan", () => {
  beforeEach(async () => {
    await cloud.close();
    cloud = localCloud({ clock: "virtual", freePlan: true });
  });

  test("the default instance type is started", async () => {
    await talk().deploy();
  });

  test("another one is refused with the types that are eligible", async () => {
    await expect(talk({ instanceType: "t2.micro" }).deploy()).rejects.toMatchObject({
      code: "instances-failed",
      message: expect.stringContaining("not eligible for Free Tier"),
      fix: expect.stringContaining(
        "(t3.micro, t3.small, t4g.micro, t4g.small, c7i-flex.large, m7i-flex.large)",
      ),
    });
  });
});

test("tags that change reach the instances, volumes and network interfaces that are launched from then on", async () => {
  const tagged = (tags: Record<string, string>) => new Cluster("web").ec2().tags(tags).on(cloud);
  await tagged({ team: "a" }).deploy();
  expect(Object.fromEntries(firstInstance().tags)).toMatchObject({ Name: "web-instances", team: "a" });
  const { changes } = await tagged({ team: "b", cost: "42" }).plan();
  expect(
    changes.find(({ resource }) => resource === "launch-template")?.fields.map(({ path }) => path),
  ).toContain("instanceTags.team");
  await tagged({ team: "b", cost: "42" }).deploy();
  const { latest } = cloud.state().launchTemplates["web-instances"] as {
    latest: { TagSpecifications: { ResourceType: string; Tags: { Key: string; Value: string }[] }[] };
  };
  expect(latest.TagSpecifications.map(({ ResourceType }) => ResourceType)).toEqual([
    "instance",
    "volume",
    "network-interface",
  ]);
  for (const { Tags } of latest.TagSpecifications)
    expect(Tags).toEqual(
      expect.arrayContaining([
        { Key: "team", Value: "b" },
        { Key: "cost", Value: "42" },
      ]),
    );
  expect((await tagged({ team: "b", cost: "42" }).plan()).isEmpty).toBe(true);
  // Also a tag that is no longer described.
  await tagged({ team: "b" }).deploy();
  expect(JSON.stringify(cloud.state().launchTemplates["web-instances"])).not.toContain('"cost","Value"');
});

describe("an instance of a cluster without scaling that fails its status check", () => {
  test("has its tasks replaced before it is terminated", async () => {
    await talk().deploy();
    cloud.failStatusCheck(firstInstance().id);
    expect(await fewestTasks(10)).toBe(2);
    expect((await talk().status()).isHealthy).toBe(true);
  });

  test("is drained also in a cluster that an older version created, whose service is not replaced", async () => {
    await talk().deploy();
    await asAnOlderVersionLeftIt(cloud, "web");
    const { changes, warnings } = await talk().plan();
    expect(changes.filter(({ action }) => action !== "none").map(({ resource }) => resource)).toEqual([
      "capacity-provider",
      "cluster-capacity-provider",
    ]);
    expect(warnings).toMatchInlineSnapshot(`
      [
        "the running instances of web were started before ECS could drain them, and are protected from scale-in; they end without draining until they are replaced: terminate them one by one",
      ]
    `);
    const before = cloud.account.ecs.clusters.get("web")!.tasks.size;
    await talk().deploy();
    expect(cloud.account.ecs.clusters.get("web")!.tasks.size).toBe(before);
    expect((await talk().plan()).isEmpty).toBe(true);
    expect((await talk().destroy()).kept).toEqual([]);
  });

  test("is left alone where the cluster is only named", async () => {
    const named = talk().cluster("web");
    await new Cluster("web").ec2().on(cloud).deploy();
    await named.deploy();
    expect((await named.plan()).isEmpty).toBe(true);
    await named.destroy();
  });
});

test("an override of the launch template that is new or changes reaches the template that exists", async () => {
  const withVolume = (size: number) =>
    talk().override({
      createLaunchTemplate: (input) => ({
        ...input,
        LaunchTemplateData: {
          ...input.LaunchTemplateData,
          BlockDeviceMappings: [{ DeviceName: "/dev/xvda", Ebs: { VolumeSize: size, Encrypted: true } }],
        },
      }),
    });
  await talk().deploy();
  const { changes } = await withVolume(100).plan();
  expect(changes.find(({ resource }) => resource === "launch-template")?.fields).toEqual([
    {
      path: "override.BlockDeviceMappings",
      before: undefined,
      after: [{ DeviceName: "/dev/xvda", Ebs: { VolumeSize: 100, Encrypted: true } }],
    },
  ]);
  for (const size of [100, 200]) {
    await withVolume(size).deploy();
    expect(JSON.stringify(cloud.state().launchTemplates["web-instances"])).toContain(`"VolumeSize":${size}`);
    expect((await withVolume(size).plan()).isEmpty).toBe(true);
  }
});

test("an override of a cluster or a load balancer applies in its own runs and in those of its users", async () => {
  const cluster = new Cluster("web").ec2().override({
    createLaunchTemplate: (input) => ({
      ...input,
      LaunchTemplateData: { ...input.LaunchTemplateData, EbsOptimized: true },
    }),
  });
  const alb = new LoadBalancer("alb").override({
    createLoadBalancer: (input) => ({
      ...input,
      Tags: [...(input.Tags ?? []), { Key: "cost", Value: "42" }],
    }),
  });
  const service = talk().cluster(cluster).behindAlb(alb);
  await service.deploy();
  expect(cloud.state().launchTemplates["web-instances"]).toMatchObject({ latest: { EbsOptimized: true } });
  expect(JSON.stringify(cloud.state().loadBalancers)).toContain('"cost":"42"');
  const plans = [
    await service.plan(),
    await cluster.on(cloud).plan(),
    await alb.on(cloud).plan(),
    await new Fleet(service).on(cloud).plan(),
  ];
  expect(plans.map(({ isEmpty }) => isEmpty)).toEqual([true, true, true, true]);
  expect(() =>
    new Cluster("web").override({ describeClusters: (input: object) => input } as never),
  ).not.toThrow();
  await expect(
    new Cluster("web")
      .override({ describeClusters: (input: object) => input } as never)
      .on(cloud)
      .plan(),
  ).rejects.toMatchObject({ issues: [{ path: "override.describeClusters" }] });
});
