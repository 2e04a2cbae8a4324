import { afterEach, beforeEach, expect, test } from "vitest";
import { Cluster, Deployment, Fleet, type ClusterAutoscaleOptions } from "../../src/index.js";
import type { LocalCloud } from "../../src/local/index.js";
import { sharedAccount, writesOf } from "./account.js";
import { TUTORIAL_STEPS } from "./scaling-chains.js";

let cloud: LocalCloud;
beforeEach(async () => {
  cloud = await sharedAccount();
});
afterEach(() => cloud.close());

const MINUTE = 60_000;
type Scaling = ClusterAutoscaleOptions | "none";
const MANAGED: Scaling = { min: 2, max: 4 };

function deployment(name: string, scaling: Scaling) {
  const plain = new Cluster("conference-cluster").ec2({ instanceType: "t2.micro" });
  return new Deployment(name)
    .image("registry.example.com/app:1")
    .container({ port: 8080, cpu: 128, memoryReservation: 128 })
    .cluster(scaling === "none" ? plain : plain.autoscale(scaling))
    .on(cloud);
}
const launchOf = (name: string) => {
  const { launchType, capacityProviderStrategy } = cloud.account.ecs.clusters
    .get("conference-cluster")!
    .services.get(name)!.description;
  return launchType ?? capacityProviderStrategy?.map(({ capacityProvider }) => capacityProvider).join();
};
const group = () => cloud.account.autoScaling.groups.get("conference-cluster-instances")!;
const PROVIDER = "conference-cluster-capacity";
const DRAINS_ONLY = { [PROVIDER]: { terminationProtection: false, draining: true } };

test("a cluster that no longer scales keeps its capacity provider, which drains, for the services that still use it", async () => {
  await deployment("talk", MANAGED).deploy();
  await deployment("speaker", MANAGED).deploy();
  expect([launchOf("talk"), launchOf("speaker")]).toEqual([PROVIDER, PROVIDER]);

  const begun = cloud.clock.now();
  await deployment("talk", "none").deploy();
  expect(cloud.clock.now() - begun).toBeLessThan(5 * MINUTE);
  expect([launchOf("talk"), launchOf("speaker")]).toEqual(["EC2", PROVIDER]);
  expect(Object.keys(cloud.state().capacityProviders)).toEqual([PROVIDER]);
  expect(await writesOf(cloud, () => deployment("talk", "none").deploy())).toEqual([]);
  expect((await deployment("speaker", MANAGED).status()).tasks.running).toBe(2);

  await deployment("speaker", "none").deploy();
  expect([launchOf("talk"), launchOf("speaker")]).toEqual(["EC2", "EC2"]);
  expect(cloud.state().capacityProviders).toMatchObject(DRAINS_ONLY);
  expect(await writesOf(cloud, () => deployment("talk", "none").deploy())).toEqual([]);
});

test("a fleet leaves its capacity provider in one run", async () => {
  const fleet = (scaling: Scaling) =>
    new Fleet(deployment("talk", scaling), deployment("speaker", scaling)).on(cloud);
  await fleet(MANAGED).deploy();
  expect((await fleet("none").plan()).warnings.filter((text) => text.includes("stays"))).toEqual([]);
  await fleet("none").deploy();
  expect([launchOf("talk"), launchOf("speaker")]).toEqual(["EC2", "EC2"]);
  expect(cloud.state().capacityProviders).toMatchObject(DRAINS_ONLY);
});

test("steps instead of ECS's own scaling leave the capacity provider to those who use it, which drains and no longer scales", async () => {
  await deployment("talk", MANAGED).deploy();
  await deployment("speaker", MANAGED).deploy();
  await deployment("talk", TUTORIAL_STEPS).deploy();
  expect([launchOf("talk"), launchOf("speaker")]).toEqual(["EC2", PROVIDER]);
  expect(cloud.state().capacityProviders).toMatchObject({
    [PROVIDER]: { terminationProtection: false, draining: true },
  });
  expect(cloud.state().capacityProviders[PROVIDER]).not.toHaveProperty("targetCapacity");
  await deployment("speaker", TUTORIAL_STEPS).deploy();
  expect([launchOf("talk"), launchOf("speaker")]).toEqual(["EC2", "EC2"]);

  // And back.
  await deployment("talk", MANAGED).deploy();
  expect(launchOf("talk")).toBe(PROVIDER);
  expect(cloud.state().capacityProviders).toMatchObject({
    [PROVIDER]: { targetCapacity: 100, terminationProtection: true, draining: true },
  });
});

test("a deployment that only names the cluster gets instances from it as it is scaled, and leaves its bounds alone", async () => {
  await deployment("talk", { min: 1, max: 6 }).deploy();
  const speaker = deployment("speaker", "none").cluster("conference-cluster").service({ desired: 20 });
  expect((await speaker.plan()).warnings).toEqual([]);
  await speaker.deploy();
  expect(launchOf("speaker")).toBe(PROVIDER);
  // Seven tasks of 128 MiB fit on a t2.micro.
  expect(group()).toMatchObject({ min: 1, max: 6, desired: 4 });
  expect(await writesOf(cloud, () => speaker.deploy())).toEqual([]);

  await deployment("talk", "none").destroy();
  await speaker.destroy();
  expect(cloud.state().clusters).not.toHaveProperty("conference-cluster");
  expect(cloud.state().capacityProviders).toEqual({});
});

test("fewer instances than are described at least are enough where that is a schedule's word", async () => {
  const nightly = (version: number) =>
    deployment("talk", {
      min: 2,
      max: 4,
      steps: [{ when: "memoryReservation >= 90", add: 1 }],
      schedule: [{ at: "cron(0 20 * * ? *)", min: 1, max: 1 }],
    }).image(`registry.example.com/app:${version}`);
  await nightly(1).deploy();
  await cloud.clock.sleep(24 * 60 * MINUTE);
  expect(group()).toMatchObject({ min: 1, max: 1, desired: 1 });
  const begun = cloud.clock.now();
  await nightly(2).deploy();
  expect(cloud.clock.now() - begun).toBeLessThan(5 * MINUTE);
  expect(group()).toMatchObject({ min: 1, max: 1, desired: 1 });
});
