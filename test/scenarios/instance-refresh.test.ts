import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { QuaysideError } from "../../src/index.js";
import { Cluster, Deployment, LoadBalancer, type Ec2Options, type QuaysideEvent } from "../../src/index.js";
import type { LocalCloud } from "../../src/local/index.js";
import { sharedAccount } from "./account.js";
import { constantLoad } from "./constant-load.js";
import { ERRORS_ALARM } from "../local/errors-alarm.js";

let cloud: LocalCloud;
beforeEach(async () => {
  cloud = await sharedAccount();
});
afterEach(() => cloud.close());

const web = (options: Ec2Options = {}, hosts = 4) =>
  new Cluster("web").ec2(options).autoscale({ min: hosts, max: hosts }).on(cloud);
/** Four hosts with three tasks each. */
const talk = (options: Ec2Options = {}, memoryReservation = 512) =>
  new Deployment("talk")
    .image("talk:1")
    .container({ port: 8080, cpu: 128, memoryReservation })
    .service({ desired: 12 })
    .cluster(web(options))
    .behindAlb(new LoadBalancer("alb"), { path: "/*" })
    .on(cloud);

const hosts = () => [...cloud.account.autoScaling.groups.get("web-instances")!.instances.values()];
const images = () => [...new Set(hosts().map(({ id }) => cloud.account.ec2.instances.get(id)!.imageId))];
const recommended = () =>
  cloud.account.ec2.machineImages.find(({ parameters }) =>
    parameters.some((name) => name.endsWith("/amazon-linux-2023/recommended")),
  )!.id;
const refreshes = () => cloud.account.autoScaling.groups.get("web-instances")!.refreshes;
const errorOf = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error: unknown) => error as QuaysideError,
  );

describe("under constant load, 4 hosts with 12 tasks", () => {
  test("are refreshed to a new AMI without losing a request", async () => {
    await talk().deploy();
    const before = images();
    cloud.publishAmis();
    const load = constantLoad(cloud, "talk");
    const events: QuaysideEvent[] = [];
    const { changes } = await web().refresh({ onEvent: (event) => void events.push(event) });
    expect(changes.filter(({ action }) => action === "update").map(({ resource }) => resource)).toEqual([
      "launch-template",
      "instance-refresh",
    ]);
    expect(images()).toEqual([recommended()]);
    expect(images()).not.toEqual(before);
    expect(hosts()).toHaveLength(4);
    expect(load.sent).toBeGreaterThan(10_000);
    expect(load.lost).toBe(0);
    const progress = events.filter((event) => event.type === "progress");
    expect(progress.map((event) => event.type === "progress" && event.done)).toContain(50);
    expect((await web().plan()).isEmpty).toBe(true);
  });

  test("are as before after an abort half-way, without losing a request", async () => {
    await talk().deploy();
    const before = images();
    cloud.publishAmis();
    const load = constantLoad(cloud, "talk");
    const abort = new AbortController();
    const warnings: string[] = [];
    const error = await errorOf(
      web().refresh({
        signal: abort.signal,
        onEvent: (event) => {
          if (event.type === "progress" && event.done === 50) abort.abort();
          if (event.type === "warning") warnings.push(event.message);
        },
      }),
    );
    expect(error?.code).toBe("aborted");
    expect(warnings.at(-1)).toMatch(/^instance refresh \S+ of web-instances is rolled back: /);
    await cloud.clock.sleep(60 * 60_000);
    expect(refreshes().at(-1)!.status).toBe("RollbackSuccessful");
    expect(images()).toEqual(before);
    expect(hosts()).toHaveLength(4);
    expect(load.lost).toBe(0);
  });

  test("lose half of their spot instances without losing a request, if the others have room", async () => {
    const roomy = talk({ spot: true }, 256);
    await roomy.deploy();
    const load = constantLoad(cloud, "talk");
    for (const { id } of hosts().slice(0, 2)) cloud.interruptSpot(id);
    await cloud.clock.sleep(30 * 60_000);
    expect(load.sent).toBeGreaterThan(10_000);
    expect(load.lost).toBe(0);
    expect((await roomy.status()).tasks.running).toBe(12);
    expect(hosts()).toHaveLength(4);
  });

  test("are replaced without losing a request when EC2 recommends it, before it takes them back", async () => {
    const full = talk({ spot: true });
    await full.deploy();
    const load = constantLoad(cloud, "talk");
    const before = hosts().map(({ id }) => id);
    for (const id of before.slice(0, 2)) cloud.recommendRebalance(id);
    await cloud.clock.sleep(30 * 60_000);
    expect(load.lost).toBe(0);
    expect((await full.status()).tasks.running).toBe(12);
    expect(hosts().filter(({ id }) => before.slice(0, 2).includes(id))).toEqual([]);
  });

  test("lose requests when a host dies, which the load notices", async () => {
    await talk().deploy();
    const load = constantLoad(cloud, "talk");
    await cloud.clock.sleep(60_000);
    expect(load.lost).toBe(0);
    const { terminateInstance } = await import("../../src/local/services/ec2/launch-instance.js");
    terminateInstance(cloud.account, hosts()[0]!.id);
    await cloud.clock.sleep(120_000);
    expect(load.lost).toBeGreaterThan(0);
  });
});

describe("cluster.refresh()", () => {
  test("of instances that are all current changes nothing", async () => {
    await web({}, 2).deploy();
    const { changes } = await web({}, 2).refresh();
    expect(changes.filter(({ action }) => action !== "none")).toEqual([]);
    expect(refreshes()).toEqual([]);
  });

  test("reaches the instances that an earlier deploy left as they were, and can roll back to them", async () => {
    await web({}, 2).deploy();
    await web({ instanceType: "t3.medium" }, 2).deploy();
    const types = () => hosts().map(({ id }) => cloud.account.ec2.instances.get(id)!.instanceType);
    expect(types()).toEqual(["t3.small", "t3.small"]);
    const abort = new AbortController();
    const onEvent = (event: QuaysideEvent) => {
      if (event.type === "progress" && event.done === 50) abort.abort();
    };
    const bigger = web({ instanceType: "t3.medium" }, 2);
    expect((await errorOf(bigger.refresh({ signal: abort.signal, onEvent })))?.code).toBe("aborted");
    await cloud.clock.sleep(30 * 60_000);
    expect(types()).toEqual(["t3.small", "t3.small"]);
    await bigger.refresh();
    expect(types()).toEqual(["t3.medium", "t3.medium"]);
    expect((await bigger.plan()).isEmpty).toBe(true);
  });

  test("follows the refresh that another process has begun", async () => {
    await web({}, 2).deploy();
    cloud.publishAmis();
    // The first process dies: nothing of it is left but what AWS does.
    void web({}, 2)
      .refresh({ timeout: "3m" })
      .catch(() => {});
    await cloud.clock.sleep(4 * 60_000);
    expect(refreshes().map(({ status }) => status)).toEqual(["InProgress"]);
    const events: QuaysideEvent[] = [];
    await web({}, 2).refresh({ onEvent: (event) => void events.push(event) });
    expect(events.map((event) => (event.type === "waiting" ? event.why : ""))).toContain(
      `instance refresh ${refreshes()[0]!.id} is already under way`,
    );
    expect(refreshes().map(({ status }) => status)).toEqual(["Successful"]);
    expect(images()).toEqual([recommended()]);
  });

  test("waits for a refresh that another actor has begun, and leaves it alone", async () => {
    await web({}, 2).deploy();
    await cloud.ports.autoScaling.startInstanceRefresh({
      AutoScalingGroupName: "web-instances",
      Preferences: { ScaleInProtectedInstances: "Refresh" },
    });
    cloud.publishAmis();
    const waits: string[] = [];
    await web({}, 2).refresh({
      onEvent: (event) => {
        if (event.type === "waiting") waits.push(event.why);
      },
    });
    expect(waits.join("\n")).toContain("which another actor started at");
    expect(refreshes().map(({ status }) => status)).toEqual(["Successful", "Successful"]);
    expect(images()).toEqual([recommended()]);
  });

  test("that fails says why, and what AWS has made of the instances", async () => {
    await web({}, 2).deploy();
    const before = images();
    cloud.publishAmis();
    cloud.lackCapacity({ instanceType: "t3.small" });
    const { code, message, fix } = (await errorOf(web({}, 2).refresh()))!;
    expect([code, message.replace(/[0-9a-f-]{36}/, "…"), fix]).toMatchInlineSnapshot(`
      [
        "refresh-failed",
        "Instance refresh … of web-instances ended as RollbackSuccessful: Automatic rollback: Instances did not become healthy within an hour. We currently do not have sufficient t3.small capacity in the Availability Zone you requested (eu-west-1b). Our system will be working on provisioning additional capacity. Launching EC2 instance failed.",
        "The instances are as they were before. Mend the cause, then run again.",
      ]
    `);
    expect(images()).toEqual(before);
  });

  test("is refused on a cluster without instances of its own, before anything is changed", async () => {
    const error = await errorOf(new Cluster("web").fargate().on(cloud).refresh());
    expect([error?.code, error?.message]).toMatchInlineSnapshot(`
      [
        "no-container-instances",
        "Nothing was changed: cluster web has no instances that quayside launches, so that there are none to refresh",
      ]
    `);
  });
});

describe("with refresh: on-deploy", () => {
  test("a deploy replaces the instances once its service works", async () => {
    await talk().deploy();
    const load = constantLoad(cloud, "talk");
    const changed = talk({ instanceType: "t3.medium", refresh: "on-deploy" });
    expect((await changed.plan()).toString()).toContain("instance-refresh");
    await changed.deploy();
    expect(hosts().map(({ id }) => cloud.account.ec2.instances.get(id)!.instanceType)).toEqual(
      Array.from({ length: 4 }, () => "t3.medium"),
    );
    expect(load.lost).toBe(0);
    expect((await changed.plan()).isEmpty).toBe(true);
  });

  test("t3 becomes t4g in one deploy of an image for both, without losing a request", async () => {
    await talk().deploy();
    const load = constantLoad(cloud, "talk");
    const arm = talk({ instanceType: "t4g.small", refresh: "on-deploy" });
    await arm.deploy();
    expect(hosts().map(({ id }) => cloud.account.ec2.instances.get(id)!.instanceType)).toEqual(
      Array.from({ length: 4 }, () => "t4g.small"),
    );
    expect(load.lost).toBe(0);
    expect((await arm.status()).tasks.running).toBe(12);
    expect((await arm.plan()).isEmpty).toBe(true);
  });

  test("a newer AMI alone is a change", async () => {
    const followed = web({ refresh: "on-deploy" }, 2);
    await followed.deploy();
    expect((await followed.plan()).isEmpty).toBe(true);
    cloud.publishAmis();
    expect((await followed.plan()).isEmpty).toBe(false);
    await followed.deploy();
    expect(images()).toEqual([recommended()]);
    expect((await followed.plan()).isEmpty).toBe(true);
  });
});

describe("refreshAlarms", () => {
  const guarded = () =>
    new Cluster("web")
      .ec2({ refreshAlarms: ["errors"] })
      .autoscale({ min: 4, max: 4 })
      .on(cloud);
  const alarm = () => cloud.ports.cloudWatch.putMetricAlarm(ERRORS_ALARM);

  test("that do not exist are refused before anything is changed", async () => {
    await web().deploy();
    const error = await errorOf(guarded().refresh());
    expect(error).toMatchObject({
      code: "alarm-missing",
      message: "Nothing was changed: metric alarm errors, which is to end a refresh, was not found",
    });
  });

  test("roll a refresh back, without losing a request", async () => {
    await talk().deploy();
    const before = images();
    await alarm();
    cloud.publishAmis();
    const load = constantLoad(cloud, "talk");
    const error = await errorOf(
      guarded().refresh({
        onEvent: (event) => {
          if (event.type === "progress" && event.done === 50)
            cloud.account.cloudWatch.alarms.get("errors")!.description.StateValue = "ALARM";
        },
      }),
    );
    expect(error?.code).toBe("refresh-failed");
    expect(error?.message).toContain("alarm errors");
    await cloud.clock.sleep(60 * 60_000);
    expect(images()).toEqual(before);
    expect(load.lost).toBe(0);
  });
});
