import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { LocalCloud } from "../../src/local/index.js";
import { callsOf, sharedAccount, writesOf } from "./account.js";
import { talkOnFargate, talkService } from "./tutorial.js";

let cloud: LocalCloud;
beforeEach(async () => {
  cloud = await sharedAccount();
});
afterEach(() => cloud.close());

const SERVICE = { cluster: "conference-cluster", service: "talk-service-ecs" };

async function scaledTo(desiredCount: number): Promise<void> {
  await cloud.ports.ecs.updateService({ ...SERVICE, desiredCount });
  await cloud.clock.sleep(300_000);
}

const registered = () =>
  cloud.account.applicationAutoScaling.scalableTargets.set("service/conference-cluster/talk-service-ecs", {
    ServiceNamespace: "ecs",
    ResourceId: "service/conference-cluster/talk-service-ecs",
    ScalableDimension: "ecs:service:DesiredCount",
    MinCapacity: 1,
    MaxCapacity: 10,
    RoleARN: "arn:aws:iam::123456789012:role/scaling",
    CreationTime: new Date(0),
  });

describe("a service that was scaled", () => {
  test("by hand goes back to the count that the chain asks for", async () => {
    await talkService(cloud).deploy();
    await scaledTo(4);

    expect((await talkService(cloud).plan()).toString()).toMatch(/desiredCount: 4 → 2/);
    await talkService(cloud).deploy();
    expect((await talkService(cloud).status()).tasks.desired).toBe(2);
  });

  test("by autoscaling keeps its count, whatever the chain asks for", async () => {
    await talkService(cloud).deploy();
    await scaledTo(4);
    registered();

    expect((await talkService(cloud).plan()).toString()).toMatch(/^Plan: nothing to change/);
    const calls = await callsOf(cloud, () => talkService(cloud, "talk:2").deploy());

    expect(calls.find(({ operation }) => operation === "updateService")?.input).not.toHaveProperty(
      "desiredCount",
    );
    expect((await talkService(cloud).status()).tasks).toEqual({ desired: 4, running: 4, pending: 0 });
  });

  test("keeps its count when the chain asks for none", async () => {
    const calm = (image?: string) => talkOnFargate(cloud, image);
    await calm().deploy();
    await cloud.ports.ecs.updateService({
      cluster: "conference-cluster",
      service: "talk-service",
      desiredCount: 3,
    });
    await cloud.clock.sleep(300_000);

    expect((await calm().plan()).toString()).toMatch(/^Plan: nothing to change/);
    await calm("talk:2").deploy();

    expect((await calm().status()).tasks).toEqual({ desired: 3, running: 3, pending: 0 });
  });
});

describe("a user's override", () => {
  test("of createService is sent, and is no difference afterwards", async () => {
    const chain = (on: LocalCloud) =>
      talkService(on).override({
        createService: (input) => ({
          ...input,
          enableExecuteCommand: true,
          healthCheckGracePeriodSeconds: 90,
        }),
      });
    const calls = await callsOf(cloud, () => chain(cloud).deploy());

    expect(calls.find(({ operation }) => operation === "createService")?.input).toMatchObject({
      enableExecuteCommand: true,
      healthCheckGracePeriodSeconds: 90,
    });
    expect((await chain(cloud).plan()).toString()).toMatch(/^Plan: nothing to change/);
    expect(await writesOf(cloud, () => chain(cloud).deploy())).toEqual([]);
  });

  test("of registerTaskDefinition is sent, compared, and taken back when it goes", async () => {
    const chain = (on: LocalCloud) =>
      talkService(on).override({
        registerTaskDefinition: (input) => ({
          ...input,
          containerDefinitions: input.containerDefinitions!.map((one) => ({
            ...one,
            linuxParameters: { initProcessEnabled: true },
          })),
        }),
      });
    await chain(cloud).deploy();
    expect(await writesOf(cloud, () => chain(cloud).deploy())).toEqual([]);

    expect(await writesOf(cloud, () => talkService(cloud).deploy())).toEqual([
      "registerTaskDefinition",
      "updateService",
    ]);
    expect(await writesOf(cloud, () => chain(cloud).deploy())).toEqual([
      "registerTaskDefinition",
      "updateService",
    ]);
  });

  test("that throws or returns nothing ends the run with its error", async () => {
    const broken = talkService(cloud).override({ createCluster: () => undefined as never });
    await expect(broken.deploy()).rejects.toMatchObject({ code: "invalid-override" });
    const throwing = talkService(cloud).override({
      createCluster: () => {
        throw new Error("theirs");
      },
    });
    await expect(throwing.deploy()).rejects.toThrow("theirs");
    await talkService(cloud).deploy();
  });
});
