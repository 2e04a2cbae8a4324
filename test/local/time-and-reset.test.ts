import { afterEach, describe, expect, test } from "vitest";
import { Deployment } from "../../src/index.js";
import { localAccount, localCloud, type LocalCloud, type LocalCloudOptions } from "../../src/local/index.js";

const clouds: LocalCloud[] = [];
afterEach(async () => {
  await Promise.all(clouds.splice(0).map((cloud) => cloud.close()));
});

function open(options: LocalCloudOptions): LocalCloud {
  const cloud = localCloud(options);
  clouds.push(cloud);
  return cloud;
}

const talk = (cloud: LocalCloud) =>
  new Deployment("talk").image("talk:1").port(8080).cluster("conference").on(cloud);

const DAY = 24 * 3_600_000;

describe("cloud.advance()", () => {
  test("lets scaling happen that is due meanwhile", async () => {
    const cloud = open({ clock: "virtual" });
    await talk(cloud).autoscale({ min: 1, max: 3, cpu: 50 }).deploy();
    const count = () => cloud.state().services["conference/talk"]?.desiredCount;
    expect(count()).toBe(1);
    cloud.load("talk", { cpu: 300 });
    await cloud.advance("10m");
    expect(count()).toBe(3);
  });

  test("lets a kept old version end when its time has come", async () => {
    const cloud = open({ clock: "virtual" });
    const release = (version: number) =>
      talk(cloud).image(`talk:${version}`).behindAlb("alb").blueGreen({ keepOld: "3d" });
    await release(1).deploy();
    await release(2).deploy();
    const tasks = () => cloud.state().services["conference/talk-blue"]?.desiredCount;
    await cloud.advance("2d");
    expect(tasks()).toBe(2);
    await cloud.advance("2d");
    expect(tasks()).toBe(0);
  });

  test("moves the clock by exactly that time, for all regions of an account", async () => {
    const account = localAccount();
    const eu = open({ account, clock: "virtual", region: "eu-west-1" });
    const us = open({ account, clock: "virtual", region: "us-east-1" });
    const before = us.clock.now();
    await eu.advance("3d");
    expect(us.clock.now() - before).toBe(3 * DAY);
  });

  test("on the real clock, what is due happens at once, at its time and in its order", async () => {
    const cloud = open({});
    const { clock } = cloud.account;
    const began = clock.now();
    const happened: [string, number][] = [];
    const at = (name: string, ms: number) =>
      clock.schedule(ms, () => happened.push([name, Math.round((clock.now() - began) / DAY)]));
    at("on day 5", 5 * DAY);
    at("on day 2", 2 * DAY).cancel();
    at("on day 3", 3 * DAY);
    void clock.sleep(DAY).then(() => at("on day 2, after a wait", DAY));
    await cloud.advance("4d");
    expect(happened).toEqual([
      ["on day 2, after a wait", 2],
      ["on day 3", 3],
    ]);
    await cloud.advance("1d");
    expect(happened.at(-1)).toEqual(["on day 5", 5]);
  });

  test.each(["3 days", "", "-1d", 60, undefined])("refuses %j, which is no duration", async (duration) => {
    const cloud = open({ clock: "virtual" });
    await expect(cloud.advance(duration as string)).rejects.toThrow(
      "The time that passes is not valid: duration: must be a duration, such as",
    );
  });

  test("rejects once the cloud is closed", async () => {
    const cloud = open({ clock: "virtual" });
    await cloud.close();
    await expect(cloud.advance("1m")).rejects.toThrow("The local cloud is closed.");
    expect(() => cloud.reset()).toThrow("The local cloud is closed.");
  });
});

describe("cloud.reset()", () => {
  test("empties the account, its calls and faults, and the same run takes the same course", async () => {
    const cloud = open({ clock: "virtual", seed: 7 });
    const pristine = cloud.state();
    const run = async () => {
      await talk(cloud).deploy();
      return { state: cloud.state(), calls: [...cloud.calls], now: cloud.clock.now() };
    };
    const first = await run();
    const fault = cloud.faults.inject({ operation: "createCluster", kind: "access-denied", times: Infinity });
    cloud.reset();
    expect(cloud.state()).toEqual(pristine);
    expect(cloud.calls).toEqual([]);
    expect(await run()).toEqual(first);
    expect(fault.hits).toBe(0);
  });

  test("ends a run that is in progress", async () => {
    const cloud = open({ clock: "virtual" });
    const run = talk(cloud).deploy({
      onEvent: (event) => event.type === "planned" && cloud.reset(),
    });
    await expect(run).rejects.toThrow();
    expect(cloud.state().clusters).toEqual({});
  });

  test("leaves what other regions of the account have", async () => {
    const account = localAccount();
    const eu = open({ account, clock: "virtual", region: "eu-west-1" });
    const us = open({ account, clock: "virtual", region: "us-east-1" });
    await Promise.all([talk(eu).deploy(), talk(us).deploy()]);
    eu.reset();
    expect(eu.state().clusters).toEqual({});
    expect((await talk(us).plan()).isEmpty).toBe(true);
    await talk(eu).deploy();
    expect((await talk(eu).plan()).isEmpty).toBe(true);
  });

  test("is seen by those who reach it over HTTP", async () => {
    const cloud = open({ clock: "virtual" });
    const { url } = await cloud.listen({ port: 0 });
    const clusters = async (): Promise<unknown> => {
      const answer = await fetch(url, {
        method: "POST",
        headers: {
          "content-type": "application/x-amz-json-1.1",
          "x-amz-target": "AmazonEC2ContainerServiceV20141113.ListClusters",
        },
        body: "{}",
      });
      return ((await answer.json()) as { clusterArns: unknown[] }).clusterArns.length;
    };
    await talk(cloud).deploy();
    expect(await clusters()).toBe(1);
    cloud.reset();
    expect(await clusters()).toBe(0);
  });

  test("ends the real processes and addresses of what was there", async () => {
    const cloud = open({ timeScale: 100 });
    const { url } = await talk(cloud).behindAlb("alb", { healthCheck: "/" }).deploy({ timeout: "5h" });
    expect((await fetch(url!)).status).toBe(200);
    cloud.reset();
    await cloud.close();
    await expect(fetch(url!)).rejects.toThrow("fetch failed");
  });
});
